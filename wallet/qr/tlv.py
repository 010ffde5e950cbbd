"""EMVCo's text TLV: two digits of ID, two digits of length, a value.

The length counts characters, not bytes: the specification's own example holds 248
characters in 260 bytes. In Python `len` is right; JavaScript's `.length` is not.
Source: EMVCo QRCPS merchant-presented mode, section 3.
"""

import re
from collections.abc import Iterable

from config.kernel.errors import InvalidRequest

TWO_DIGITS = re.compile(r"[0-9]{2}")
MAX_OBJECTS = 128

Pair = tuple[str, str]


class TlvInvalid(InvalidRequest):
    """The text is not a sequence of ID, length and value to its very end."""

    code = "tlv_invalid"
    message = "The code's structure is broken."

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


class TlvUnwritable(InvalidRequest):
    """A data object cannot be written: bad ID, or a value of 0 or over 99 characters."""

    code = "field_invalid"
    message = "A value does not fit its field."


def walk(text: str) -> list[Pair]:
    """Split a text into (ID, value) pairs, in the order they stand.

    Raises:
        TlvInvalid: an ID or length is no two digits, a length is zero, a value is cut
            short, or there are more than 128 objects.
    """
    pairs: list[Pair] = []
    at = 0
    while at < len(text):
        identifier, length = text[at : at + 2], text[at + 2 : at + 4]
        if not TWO_DIGITS.fullmatch(identifier):
            raise TlvInvalid(f"bad id {identifier!r} at {at}")
        if not TWO_DIGITS.fullmatch(length):
            raise TlvInvalid(f"bad length {length!r} at {at + 2}")
        size = int(length)
        if size == 0:
            raise TlvInvalid(f"zero length of {identifier}")
        value = text[at + 4 : at + 4 + size]
        if len(value) != size:
            raise TlvInvalid(f"value of {identifier} truncated: want {size} have {len(value)}")
        pairs.append((identifier, value))
        if len(pairs) > MAX_OBJECTS:
            raise TlvInvalid(f"more than {MAX_OBJECTS} objects")
        at += 4 + size
    return pairs


def walk_or_none(text: str) -> list[Pair] | None:
    """Split a text that may be no TLV at all; None when it is not."""
    try:
        return walk(text)
    except TlvInvalid:
        return None


def write(pairs: Iterable[Pair]) -> str:
    """Join (ID, value) pairs into text.

    Raises:
        TlvUnwritable: an ID is no two digits, or a value is empty or too long.
    """
    parts: list[str] = []
    for identifier, value in pairs:
        if not TWO_DIGITS.fullmatch(identifier) or not 1 <= len(value) <= 99:
            raise TlvUnwritable(field=identifier, length=len(value))
        parts.append(f"{identifier}{len(value):02d}{value}")
    return "".join(parts)
