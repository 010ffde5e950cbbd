"""Codes as pictures, for print, e-mail and clients without script.

The mask is fixed at 3: choosing the best of eight takes four fifths of the time and
made scanning no better on 180 very hard pictures. EMVCo asks for byte mode, which
`qrcode` leaves by default to save a few modules.
"""

import struct
import zlib
from collections.abc import Sequence
from functools import lru_cache
from html import escape

from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, QRData

from config.kernel.errors import InvalidRequest

MASK = 3
QUIET_ZONE = 4
# Screens show M; stickers get scratched and want Q.
LEVELS = {"M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q}

Matrix = Sequence[Sequence[bool]]


class NotDrawable(InvalidRequest):
    """The text is too long for a QR symbol, or empty."""

    code = "not_drawable"
    message = "This text cannot be drawn as a code."


def qr_matrix(text: str, *, level: str = "M", byte_mode: bool = False) -> Matrix:
    """Make the symbol's modules, dark as True, without the quiet zone.

    Args:
        text: what the symbol says.
        level: "M" for screens, "Q" for print.
        byte_mode: keep to byte mode, as EMVCo demands of both its modes.

    Raises:
        NotDrawable: the text is empty or does not fit version 40.
    """
    if not text:
        raise NotDrawable(field="text")
    code = QRCode(error_correction=LEVELS[level], mask_pattern=MASK, border=0)
    if byte_mode:
        code.add_data(QRData(text.encode(), mode=MODE_8BIT_BYTE), optimize=0)
    else:
        code.add_data(text)
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError) as error:
        raise NotDrawable(field="text") from error
    return [[bool(module) for module in row] for row in code.modules]


def qr_svg(text: str, *, level: str = "M", byte_mode: bool = False, label: str = "") -> str:
    """Draw a symbol as one SVG path with its quiet zone, black on white in any theme."""
    matrix = qr_matrix(text, level=level, byte_mode=byte_mode)
    size = len(matrix) + 2 * QUIET_ZONE
    return _svg(matrix, size=size, label=label)


@lru_cache(maxsize=256)
def qr_png(text: str, *, level: str = "M", byte_mode: bool = False, scale: int = 8) -> bytes:
    """Draw a symbol as a one-bit PNG, `scale` pixels a module, quiet zone included."""
    matrix = qr_matrix(text, level=level, byte_mode=byte_mode)
    size = (len(matrix) + 2 * QUIET_ZONE) * scale
    blank = [False] * QUIET_ZONE
    lines = [[False] * len(matrix)] * QUIET_ZONE
    rows = [[*blank, *row, *blank] for row in [*lines, *matrix, *lines]]
    raw = b"".join(_scanline(row, scale) * scale for row in rows)
    header = struct.pack(">IIBBBBB", size, size, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(raw, 9))
        + _chunk(b"IEND", b"")
    )


def _svg(rows: Matrix, *, size: int, label: str) -> str:
    """Draw rows of modules inside their quiet zone."""
    path: list[str] = []
    for y, row in enumerate(rows):
        start = 0
        while start < len(row):
            end = start + 1
            while end < len(row) and row[end] == row[start]:
                end += 1
            if row[start]:
                left, top = QUIET_ZONE + start, QUIET_ZONE + y
                path.append(f"M{left} {top}h{end - start}v1h-{end - start}z")
            start = end
    name = f' role="img" aria-label="{escape(label)}"' if label else ' aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"{name}'
        ' shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path fill="#000" d="{"".join(path)}"/></svg>'
    )


def _scanline(row: Sequence[bool], scale: int) -> bytes:
    """Pack one row of modules into PNG's bits: no filter, white is 1."""
    bits = "".join(("0" if module else "1") * scale for module in row)
    bits += "0" * (-len(bits) % 8)
    return b"\0" + int(bits, 2).to_bytes(len(bits) // 8)


def _chunk(kind: bytes, body: bytes) -> bytes:
    """Frame one PNG chunk."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
