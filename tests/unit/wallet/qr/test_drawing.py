"""Drawn codes, read back by another library's eyes."""

import io
import re

import pytest
import zxingcpp
from PIL import Image

from wallet.qr.drawing import (
    NotDrawable,
    qr_matrix,
    qr_png,
    qr_svg,
)

CODE = "28123456789345678901"
PAYLOAD = "00020101021226330010test.saoma5204541153031565802CN5903TEA6008HANGZHOU6304ABCD"


def read(png: bytes) -> zxingcpp.Barcode:
    """Scan a picture."""
    return zxingcpp.read_barcodes(Image.open(io.BytesIO(png)).convert("L"))[0]


def picture(svg: str) -> bytes:
    """Paint the dark path of one of our SVGs."""
    width, height = (int(number) for number in re.findall(r"\d+", svg.split("viewBox=")[1])[2:4])
    image = Image.new("L", (width * 4, height * 4), 255)
    for x, y, across, down in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h", svg):
        left, top = 4 * int(x), 4 * int(y)
        image.paste(0, (left, top, left + 4 * int(across), top + 4 * int(down)))
    out = io.BytesIO()
    image.save(out, "png")
    return out.getvalue()


@pytest.mark.parametrize("text", [CODE, PAYLOAD, "HTTPS://PAY.TEST/Q/ABC", "最佳运输"])
@pytest.mark.parametrize("level", ["M", "Q"])
def test_a_png_symbol_reads_back(text: str, level: str) -> None:
    assert read(qr_png(text, level=level)).text == text


def test_an_svg_symbol_reads_back() -> None:
    assert read(picture(qr_svg(PAYLOAD, byte_mode=True))).text == PAYLOAD


def test_a_payment_code_fits_the_smallest_symbol() -> None:
    assert len(qr_matrix(CODE)) == 21


def test_byte_mode_is_larger_and_reads_the_same() -> None:
    digits = "1" * 60

    assert len(qr_matrix(digits, byte_mode=True)) > len(qr_matrix(digits))
    assert read(qr_png(digits, byte_mode=True)).text == digits


def test_a_label_is_for_screen_readers_and_escaped() -> None:
    assert 'aria-label="&lt;Tea&gt;"' in qr_svg(CODE, label="<Tea>")
    assert 'aria-hidden="true"' in qr_svg(CODE)


@pytest.mark.parametrize("text", ["", "x" * 3000])
def test_what_does_not_fit_a_symbol_is_refused(text: str) -> None:
    with pytest.raises(NotDrawable):
        qr_matrix(text)
