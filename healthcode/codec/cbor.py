"""CBOR (RFC 8949) read strictly and written deterministically.

Read: one item and nothing after it, no key twice, no shared references, bounded depth.
Tags stay tags, except big numbers: what a date means is for the layer above to say.
"""

import base64
import io
import math
from collections.abc import Mapping
from functools import partial
from typing import Any

from cbor2 import CBORDecodeError, CBORDecoder, CBORSimpleValue, CBORTag, dumps, undefined

from healthcode.codec.errors import CertificateRefused, Stage

MAX_DEPTH = 64
_MAX_BITS = 1024
_INTERPRETED_TAGS = (0, 1, 4, 5, 25, 28, 29, 30, 35, 36, 37, 100, 256, 258, 260, 261, 1004, 43000)
_TAG_TEXT_TIME, _TAG_EPOCH_TIME = 0, 1


def _tagged(number: int, value: Any, immutable: bool) -> CBORTag:
    return CBORTag(number, value)


_KEEP_TAGS = {number: partial(_tagged, number) for number in _INTERPRETED_TAGS}


def decode(data: bytes) -> Any:
    """Read exactly one data item.

    Raises:
        CertificateRefused: malformed, cut short, with bytes left over, a repeated key,
            or nested deeper than MAX_DEPTH.
    """
    source = io.BytesIO(data)
    decoder = CBORDecoder(
        source,
        semantic_decoders=_KEEP_TAGS,
        max_depth=MAX_DEPTH,
        allow_duplicate_keys=False,
    )
    try:
        value = decoder.decode()
    except (CBORDecodeError, ValueError, TypeError, OverflowError) as error:
        raise CertificateRefused(Stage.CBOR, "cbor_malformed", detail=str(error)) from error
    if source.tell() != len(data):
        raise CertificateRefused(Stage.CBOR, "cbor_trailing_bytes")
    return value


def encode(value: object) -> bytes:
    """Write in core deterministic form: shortest lengths, sorted keys."""
    return dumps(value, canonical=True)


def encode_ordered(value: object) -> bytes:
    """Write with map keys in the order given (COSE headers are signed as written)."""
    return dumps(value)


def seconds(value: object) -> float | None:
    """A time claim as Unix seconds: a number, tagged as epoch time or plain; else None."""
    if isinstance(value, CBORTag) and value.tag == _TAG_EPOCH_TIME:
        value = value.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def to_json(value: Any) -> Any:
    """The value in JSON's terms: dates as text, bytes as base64url, keys as text."""
    if isinstance(value, Mapping):
        return {str(_plain(key)): to_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    if isinstance(value, CBORTag):
        return to_json(value.value)
    if isinstance(value, bytes):
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
    if isinstance(value, CBORSimpleValue):
        return value.value
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return None if value is undefined else _plain(value)


def _plain(value: Any) -> Any:
    """A whole number of thousands of digits in hex: Python writes no longer ones in decimal."""
    if isinstance(value, int) and value.bit_length() > _MAX_BITS:
        return hex(value)
    return value
