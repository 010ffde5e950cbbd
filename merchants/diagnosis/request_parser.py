"""Reads a request as people paste it: an address and a body, raw HTTP, or a curl command. Pure."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from config.kernel.errors import InvalidRequest

FORM: Final = "application/x-www-form-urlencoded"
_COMMAND: Final = re.compile(r"(?:\$ )?curl(?:\.exe)?\s")
_CONTINUED: Final = re.compile(r"[\\^]\n")
_REQUEST_LINE: Final = re.compile(r"(?:[A-Z]{3,7} )?(.*?)(?: HTTP/[0-9.]+)?")
_HEADER: Final = re.compile(r"([A-Za-z][A-Za-z0-9-]*):(.*)")
_PLAIN: Final = frozenset({"-d", "--data", "--data-ascii", "--data-raw", "--data-binary"})
_FIELDS: Final = frozenset({"-F", "--form", "--form-string"})
_ENCODED: Final = "--data-urlencode"
_HEADERS: Final = frozenset({"-H", "--header"})
# Options of curl whose value is none of the request's, and must not be taken for its address.
_OTHERS: Final = frozenset(
    {
        *("-X", "--request", "-o", "--output", "-u", "--user", "-A", "--user-agent", "-e"),
        *("--referer", "-b", "--cookie", "-c", "--cookie-jar", "-x", "--proxy", "-m"),
        *("--max-time", "--connect-timeout", "--cacert", "-w", "--write-out", "--resolve"),
    }
)
_VALUED: Final = _PLAIN | _FIELDS | _HEADERS | _OTHERS | {_ENCODED, "--url"}


class CommandUnreadable(InvalidRequest):
    """A pasted curl command has a quote that is never closed."""

    code = "command_unreadable"
    message = "The quotes of this command do not close."


@dataclass(frozen=True, slots=True)
class SentRequest:
    """What goes to the gateway: query and body as they would be sent, and the body's type."""

    query: str
    body: str
    content_type: str = FORM


def parse_request(text: str) -> SentRequest:
    """Find query and body in what somebody pasted.

    Raises:
        CommandUnreadable: it is a curl command whose quotes do not close.
    """
    text = text.replace("\r\n", "\n").strip()
    return _command(text) if _COMMAND.match(text) else _request(text)


def _request(text: str) -> SentRequest:
    """An address or a request line, headers if there are any, a blank line, the body."""
    first, _, rest = text.partition("\n")
    content_type, lines = FORM, rest.split("\n") if rest else []
    while lines and (header := _HEADER.fullmatch(_bare(lines[0]))):
        if header[1].lower() == "content-type":
            content_type = header[2].strip()
        lines.pop(0)
    while lines and _bare(lines[0]) in ("", ">"):
        lines.pop(0)
    body = "\n".join(lines).strip("\n")
    match = _REQUEST_LINE.fullmatch(_bare(first))
    target = match[1] if match else _bare(first)
    query = _query_of(target)
    if query is None and not body and "=" in target:
        return SentRequest("", target, content_type)
    multipart = content_type.lower().startswith("multipart/")
    # Line breaks are a multipart body's own; in a form they are where the paste was wrapped.
    body = body.replace("\n", "\r\n") if multipart else body.strip()
    return SentRequest(query or "", body, content_type)


def _bare(line: str) -> str:
    """A line without its indentation, and without the mark that `curl -v` puts before it."""
    return line.strip().removeprefix("> ")


def _query_of(target: str) -> str | None:
    """The query of an address, or a query that stands alone; None where there is none."""
    address, mark, query = target.partition("?")
    if mark and "=" not in address:
        return query
    is_address = target.startswith(("/", "http://", "https://"))
    return target if "=" in target and not is_address and "&" in target else None


def _command(text: str) -> SentRequest:
    text = _CONTINUED.sub(" ", text).replace(" $'", " '")
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise CommandUnreadable(field="request") from error
    address, content_type = "", FORM
    parts: list[str] = []
    for option, value in _options(words[words[0] == "$" :][1:]):
        if option in _PLAIN and not value.startswith("@"):
            parts.append(value)
        elif option == _ENCODED:
            name, mark, content = value.partition("=")
            coded = quote(content if mark else value, safe="")
            parts.append(f"{name}={coded}" if name and mark else coded)
        elif option in _FIELDS:
            name, _, content = value.partition("=")
            parts.append(f"{quote(name, safe='')}={quote(content, safe='')}")
        elif option in _HEADERS and value.lower().startswith("content-type:"):
            content_type = value.partition(":")[2].strip()
        elif option in ("", "--url") and not address:
            address = value
    query, body = _query_of(address) or "", "&".join(parts)
    if "-G" in words or "--get" in words:
        query, body = "&".join(part for part in (query, body) if part), ""
    # Fields of a form were written down as plain parameters above.
    return SentRequest(query, body, FORM if content_type.startswith("multipart/") else content_type)


def _options(words: list[str]) -> Iterator[tuple[str, str]]:
    """Options of a curl command with their values; the address has the name ""."""
    rest = iter(words)
    for word in rest:
        if word in _VALUED:
            yield word, next(rest, "")
        elif not word.startswith("-"):
            yield "", word
        elif word[:2] in _VALUED and not word.startswith("--"):
            yield word[:2], word[2:]
