"""Reads request parameters from raw bytes, as every client library sends them.

Query and body are one set of parameters: each library splits them its own way.
Django's own form parsing is not used: it decodes before the charset is known,
refuses long bodies with an HTML page and costs more than the payment's own look-ups.
"""

import re
from typing import Final
from urllib.parse import unquote_to_bytes

MOST_PARAMETERS: Final = 200
_BOUNDARY = re.compile(r'boundary="?([^";,\s]{1,70})"?', re.IGNORECASE)
_NAME = re.compile(rb'[;\s]name="([^"\r\n]*)"', re.IGNORECASE)
_FILE = re.compile(rb"[;\s]filename\*?=", re.IGNORECASE)


class TooManyParameters(Exception):
    """More parameters than any method has: not a client library's request."""


def read_parameters(query: bytes, body: bytes, content_type: str) -> dict[bytes, bytes]:
    """Merge query and body into one map of percent-decoded bytes.

    A name given twice counts once, the query's first. Files of a multipart body
    are left out: they are not signed.

    Raises:
        TooManyParameters: more than MOST_PARAMETERS.
    """
    params: dict[bytes, bytes] = {}
    if body:
        if content_type[:19].lower() == "multipart/form-data":
            params.update(_multipart(body, content_type))
        else:
            _urlencoded(body, params)
    if query:
        _urlencoded(query, params)
    return params


def _urlencoded(text: bytes, params: dict[bytes, bytes]) -> None:
    pairs = text.strip(b"\r\n").split(b"&", MOST_PARAMETERS + 1)
    if len(pairs) > MOST_PARAMETERS:
        raise TooManyParameters
    for pair in pairs:
        key, _, value = pair.partition(b"=")
        if key:
            params[_unquote(key)] = _unquote(value)


def _unquote(text: bytes) -> bytes:
    if b"+" in text:
        text = text.replace(b"+", b" ")
    return unquote_to_bytes(text) if b"%" in text else text


def _multipart(body: bytes, content_type: str) -> dict[bytes, bytes]:
    found = _BOUNDARY.search(content_type)
    if found is None:
        return {}
    parts = body.split(b"--" + found.group(1).encode("latin-1"), MOST_PARAMETERS + 1)
    if len(parts) > MOST_PARAMETERS:
        raise TooManyParameters
    params: dict[bytes, bytes] = {}
    for part in parts[1:]:
        head, gap, value = part.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if gap and name and not _FILE.search(head):
            params[name.group(1)] = value.removesuffix(b"\r\n")
    return params
