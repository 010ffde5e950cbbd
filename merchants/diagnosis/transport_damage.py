"""What happens to a request on its way: to its signature, and to the whole of it. Pure.

Each reading undoes one mishap. The gateway undoes none of them: what arrives is what counts.
"""

import base64
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote, unquote_to_bytes

TWICE: Final = (
    "encoded_twice: the values arrived with their percent signs encoded again; encode each value "
    "once, and let your HTTP library do it or do it yourself, not both"
)
_TWICE_WHOLE: Final = (
    "encoded_twice: the whole of the request was percent-encoded, its = and & too; encode each "
    "value alone, then join them"
)
_PLUS: Final = (
    "plus_for_space: plus signs of the signature arrived as blanks; percent-encode sign as you do "
    "the other values (+ becomes %2B)"
)
_URL_ALPHABET: Final = (
    "base64url: the signature is written in the alphabet for addresses (- and _); the gateway "
    "reads standard Base64 (+ and /)"
)
_HEX: Final = "hex_signature: the signature is written in hexadecimal; the gateway reads Base64"
PADDING: Final = "no_padding: the signature has lost the = at its end; send Base64 whole"
_AMP: Final = (
    "html_escaped: &amp; stands in the request where parameters part; it was copied out of a "
    "page's source, send a plain &"
)
_ENTITY: Final = (
    "html_entity: a page has read &not or &times in the request as a sign (&notify_url became "
    "¬ify_url, &timestamp ×tamp); do not pass the request through HTML"
)
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/]*={0,2}")
_HEXADECIMAL: Final = re.compile(rb"(?:[0-9A-Fa-f]{2})+")
_ENTITIES: Final = (
    (re.compile("(?:¬|%C2%AC)(?=ify_url)", re.IGNORECASE), "&not"),
    (re.compile("(?:×|%C3%97)(?=tamp)", re.IGNORECASE), "&times"),
)


def signatures(sign: bytes) -> Iterator[tuple[str, bytes]]:
    """Give the ways to read a signature: what happened to it, and its bytes.

    The first is as it stands where that is Base64, and has no reason.
    """
    text = b"".join(sign.split(b"\n")).replace(b"\r", b"").strip()
    if b"%" in text:
        yield from ((TWICE, read) for _, read in _written(unquote_to_bytes(text)))
    yield from _written(text)


def _written(text: bytes) -> Iterator[tuple[str, bytes]]:
    for reason, written in (
        ("", text),
        (_PLUS, text.replace(b" ", b"+")),
        (_URL_ALPHABET, text.replace(b"-", b"+").replace(b"_", b"/")),
    ):
        if _BASE64.fullmatch(written):
            whole = written.endswith(b"=") or len(written) % 4 == 0
            yield reason if whole else (reason or PADDING), _decoded(written)
    if _HEXADECIMAL.fullmatch(text):
        yield _HEX, bytes.fromhex(text.decode("ascii"))


def _decoded(written: bytes) -> bytes:
    """Base64 with its padding made right; a letter too many at a torn end is left out."""
    bare = written.rstrip(b"=")
    if len(bare) % 4 == 1:
        bare = bare[:-1]
    return base64.b64decode(bare + b"=" * (-len(bare) % 4))


def requests(query: str, body: str) -> Iterator[tuple[str, str, str]]:
    """Give what a request was before something happened to the whole of it, with the reason."""
    if "&amp;" in query or "&amp;" in body:
        yield _AMP, query.replace("&amp;", "&"), body.replace("&amp;", "&")
    plain_query, plain_body = _without_entities(query), _without_entities(body)
    if (plain_query, plain_body) != (query, body):
        yield _ENTITY, plain_query, plain_body
    if "%3D" in (query + body).upper() and not ("=" in query and "=" in body):
        once = [unquote(part) if "=" not in part else part for part in (query, body)]
        if once != [query, body]:
            yield _TWICE_WHOLE, once[0], once[1]


def _without_entities(text: str) -> str:
    for damaged, sent in _ENTITIES:
        text = damaged.sub(sent, text)
    return text
