"""Reads request parameters from raw bytes, as every client library sends them.

Query and body are one set of parameters: each library splits them its own way.
Django's own form parsing is not used: it decodes before the charset is known,
refuses long bodies with an HTML page and costs more than the payment's own look-ups.
"""

import re
from typing import Final
from urllib.parse import unquote_to_bytes

MOST_PARAMETERS: Final = 200
# What must be known of a request to answer it, even one that is not read to its end.
_ANSWERED_BY = re.compile(rb"(?:^|&)(method|charset|sign_type|app_cert_sn)=([^&]*)")
_BOUNDARY = re.compile(r'boundary="?([^";,\s]{1,70})"?', re.IGNORECASE)
_NAME = re.compile(rb'[;\s]name="([^"\r\n]*)"', re.IGNORECASE)
_FILE = re.compile(rb"[;\s]filename\*?=", re.IGNORECASE)


class TooManyParameters(Exception):
    """More parameters than any method has: not a client library's request.

    `read` has those by which it can be answered, as far as they were found.
    """

    def __init__(self, read: dict[bytes, bytes]) -> None:
        super().__init__()
        self.read = read


def read_parameters(query: bytes, body: bytes, content_type: str) -> dict[bytes, bytes]:
    """Merge query and body into one map of percent-decoded bytes.

    A name given twice counts once, the query's first. Files of a multipart body
    are left out: they are not signed.

    Raises:
        TooManyParameters: more than MOST_PARAMETERS.
    """
    params: dict[bytes, bytes] = {}
    whole = True
    if body:
        if content_type[:19].lower() == "multipart/form-data":
            whole = _multipart(body, content_type, params)
        else:
            whole = _urlencoded(body, params)
    if query:
        whole = _urlencoded(query, params) and whole
    if not whole:
        raise TooManyParameters(params)
    return params


def plus_kept(query: bytes, body: bytes) -> dict[bytes, bytes]:
    """A form's parameters as they would read if a plus sign stood for itself."""
    params: dict[bytes, bytes] = {}
    for text in (body, query):
        for pair in text.strip(b"\r\n").split(b"&"):
            key, _, value = pair.partition(b"=")
            params[_unquote(key)] = unquote_to_bytes(value)
    return params


def _urlencoded(text: bytes, params: dict[bytes, bytes]) -> bool:
    """Add what a text holds; false where it holds too much, and little of it was added."""
    text = text.strip(b"\r\n")
    pairs = text.split(b"&", MOST_PARAMETERS + 1)
    if len(pairs) > MOST_PARAMETERS:
        params.update((match[1], _unquote(match[2])) for match in _ANSWERED_BY.finditer(text))
        return False
    for pair in pairs:
        key, _, value = pair.partition(b"=")
        if key:
            params[_unquote(key)] = _unquote(value)
    return True


def _unquote(text: bytes) -> bytes:
    if b"+" in text:
        text = text.replace(b"+", b" ")
    return unquote_to_bytes(text) if b"%" in text else text


def _multipart(body: bytes, content_type: str, params: dict[bytes, bytes]) -> bool:
    """Add the text fields of a body; false where it has too many parts."""
    match = _BOUNDARY.search(content_type)
    if match is None:
        return True
    parts = body.split(b"--" + match.group(1).encode("latin-1"), MOST_PARAMETERS + 1)
    for part in parts[1 : MOST_PARAMETERS + 1]:
        head, gap, value = part.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if gap and name and not _FILE.search(head):
            params[name.group(1)] = value.removesuffix(b"\r\n")
    return len(parts) <= MOST_PARAMETERS
