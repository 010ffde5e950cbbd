"""Base45 (RFC 9285) by table: two bytes are three characters of QR's alphanumeric mode."""

import struct
from functools import cache

from healthcode.codec.errors import CertificateRefused, Stage

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_OUTSIDE = 255
_VALUES = bytes(
    ALPHABET.index(chr(code)) if chr(code) in ALPHABET else _OUTSIDE for code in range(256)
)


@cache
def _triples() -> list[str]:
    """The three characters of each 16-bit number; built once, 65,536 entries."""
    pairs = [first + second for second in ALPHABET for first in ALPHABET]
    return [pairs[number % 2025] + ALPHABET[number // 2025] for number in range(1 << 16)]


def encode(data: bytes) -> str:
    """Write bytes in Base45; an odd last byte takes two characters."""
    triples = _triples()
    words = struct.unpack(f">{len(data) // 2}H", data[: len(data) // 2 * 2])
    text = "".join([triples[word] for word in words])
    return text + triples[data[-1]][:2] if len(data) % 2 else text


def decode(text: str) -> bytes:
    """Read Base45.

    Raises:
        CertificateRefused: a character outside the alphabet (lower case included), a
            length that no bytes encode to, or a group above 65,535.
    """
    # What is no ASCII has bytes above 127 in UTF-8, none of which is in the table.
    values = text.encode(errors="surrogatepass").translate(_VALUES)
    if _OUTSIDE in values:
        raise CertificateRefused(Stage.ENCODING, "base45_character")
    rest = len(values) % 3
    if rest == 1:
        raise CertificateRefused(Stage.ENCODING, "base45_length")
    words = [
        low + 45 * middle + 2025 * high
        for low, middle, high in zip(values[0::3], values[1::3], values[2::3], strict=False)
    ]
    tail = b""
    if rest == 2:
        last = values[-2] + 45 * values[-1]
        if last > 0xFF:
            raise CertificateRefused(Stage.ENCODING, "base45_overflow")
        tail = bytes([last])
    try:
        return struct.pack(f">{len(words)}H", *words) + tail
    except struct.error as error:
        raise CertificateRefused(Stage.ENCODING, "base45_overflow") from error
