"""BER-TLV, the binary structure inside consumer-presented codes.

A tag whose low five bits are all ones goes on while bytes have bit 8; a length of
0x81 or 0x82 announces one or two length bytes, which occur in real codes. The
indefinite length 0x80 is refused.
Source: ISO/IEC 8825-1 as profiled by EMV Book 3, annex B.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from config.kernel.errors import InvalidRequest

MAX_TAG_BYTES = 4
SUBSEQUENT = 0x1F


class BerInvalid(InvalidRequest):
    """The bytes are not a sequence of tag, length and value to their very end."""

    code = "tlv_invalid"
    message = "The code's structure is broken."

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


@dataclass(frozen=True)
class Object:
    """One data object: its tag as upper-case hex and its bytes, still unparsed."""

    tag: str
    value: bytes


def decode(data: bytes) -> list[Object]:
    """Split bytes into data objects, one level.

    Raises:
        BerInvalid: a tag or length is cut short, too long or indefinite, or a value
            is shorter than announced.
    """
    objects: list[Object] = []
    at = 0
    while at < len(data):
        tag, at = _tag(data, at)
        size, at = _length(data, at)
        value = data[at : at + size]
        if len(value) != size:
            raise BerInvalid(f"value of {tag} truncated: want {size} have {len(value)}")
        objects.append(Object(tag, value))
        at += size
    return objects


def encode(objects: Sequence[Object]) -> bytes:
    """Join data objects, lengths in their shortest form.

    Raises:
        BerInvalid: a tag is no hex of a whole tag, or a value exceeds 65,535 bytes.
    """
    return b"".join(_encode(item) for item in objects)


def _encode(item: Object) -> bytes:
    try:
        tag = bytes.fromhex(item.tag)
    except ValueError as error:
        raise BerInvalid(f"bad tag {item.tag!r}") from error
    if not tag or _tag(tag, 0)[1] != len(tag):
        raise BerInvalid(f"bad tag {item.tag!r}")
    size = len(item.value)
    if size > 0xFFFF:
        raise BerInvalid(f"value of {item.tag} too long")
    if size < 0x80:
        length = bytes([size])
    elif size <= 0xFF:
        length = bytes([0x81, size])
    else:
        length = b"\x82" + size.to_bytes(2)
    return tag + length + item.value


def _tag(data: bytes, at: int) -> tuple[str, int]:
    """Read a tag; give it as hex with the position after it."""
    end = at + 1
    if data[at] & SUBSEQUENT == SUBSEQUENT:
        while True:
            if end >= len(data) or end - at >= MAX_TAG_BYTES:
                raise BerInvalid(f"bad tag at {at}")
            end += 1
            if not data[end - 1] & 0x80:
                break
    return data[at:end].hex().upper(), end


def _length(data: bytes, at: int) -> tuple[int, int]:
    """Read a length; give it with the position after it."""
    if at >= len(data):
        raise BerInvalid(f"length missing at {at}")
    first = data[at]
    if first < 0x80:
        return first, at + 1
    count = first & 0x7F
    if count not in (1, 2):
        raise BerInvalid(f"bad length at {at}")
    digits = data[at + 1 : at + 1 + count]
    if len(digits) != count:
        raise BerInvalid(f"length cut short at {at}")
    return int.from_bytes(digits), at + 1 + count
