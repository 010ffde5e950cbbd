"""Inflating with a ceiling: a small code must not become a large memory."""

import zlib

from healthcode.codec.errors import CertificateRefused, Stage

MAX_INFLATED_BYTES = 1 << 20
ZLIB, RAW = zlib.MAX_WBITS, -zlib.MAX_WBITS


def inflate(data: bytes, wbits: int, *, limit: int = MAX_INFLATED_BYTES) -> bytes:
    """Inflate a whole stream of at most `limit` bytes.

    `wbits` is ZLIB (RFC 1950) or RAW (RFC 1951).

    Raises:
        CertificateRefused: damaged, cut short, followed by more, or too large.
    """
    stream = zlib.decompressobj(wbits)
    try:
        result = stream.decompress(data, limit + 1)
    except zlib.error as error:
        raise CertificateRefused(Stage.COMPRESSION, "not_deflated") from error
    if len(result) > limit:
        raise CertificateRefused(Stage.COMPRESSION, "inflates_too_large", limit=limit)
    if not stream.eof or stream.unused_data:
        raise CertificateRefused(Stage.COMPRESSION, "stream_incomplete")
    return result


def deflate(data: bytes, wbits: int) -> bytes:
    """Deflate at the highest level."""
    stream = zlib.compressobj(level=9, wbits=wbits)
    return stream.compress(data) + stream.flush()
