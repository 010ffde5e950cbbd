"""A receipt as a PDF of one page. Pure: what is in it is handed in.

The text is Chinese; readers have the font that the file names (one of the four that the
format promises for simplified Chinese), so none is put in.
"""

from collections.abc import Sequence
from typing import Final

_LEFT, _TOP, _STEP, _SIZE = 72, 760, 28, 12
_FONT: Final = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H"
    b"/DescendantFonts[5 0 R]>>"
)
_DESCENDANT: Final = (
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/FontDescriptor 6 0 R>>"
)
_DESCRIPTOR: Final = (
    b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]"
    b"/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>"
)


def receipt_pdf(title: str, lines: Sequence[tuple[str, str]]) -> bytes:
    """Write a page: a title, then a line for each name with its value."""
    drawn = [_text(title, _TOP, _SIZE + 6)]
    drawn += [
        _text(f"{name}\uff1a{value}", _TOP - _STEP * at, _SIZE)
        for at, (name, value) in enumerate(lines, start=2)
    ]
    content = b"\n".join(drawn)
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
        b"/Resources<</Font<</F1 4 0 R>>>>/Contents 7 0 R>>"
    )
    return _file(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            page,
            _FONT,
            _DESCENDANT,
            _DESCRIPTOR,
            b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        ]
    )


def _text(value: str, height: int, size: int) -> bytes:
    # Characters outside the basic plane are in none of the format's Chinese fonts.
    printable = "".join(char if ord(char) < 0x10000 else "?" for char in value)
    code = printable.encode("utf-16-be").hex().encode()
    return b"BT /F1 %d Tf %d %d Td <%s> Tj ET" % (size, _LEFT, height, code)


def _file(objects: Sequence[bytes]) -> bytes:
    written, places = bytearray(b"%PDF-1.4\n"), []
    for number, one in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj%s endobj\n" % (number, one)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(written)
