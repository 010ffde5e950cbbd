"""What may stand in a text that people will read."""

import pytest

from config.kernel.texts import fault


@pytest.mark.parametrize(
    "text",
    ["", "  ", "Li Hua", "李伟", "Nguyễn Thị Hương", "می‌خواهم", "👨‍👩‍👧", "❤️", "🇫🇷", "ünïcode"],
)
def test_ordinary_texts_have_no_fault(text: str) -> None:
    assert fault(text) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a\0b", "control"),
        ("a\x1bb", "control"),
        ("a\u0085b", "control"),
        ("a\u2028b", "control"),
        ("a\ud800", "control"),
        ("a\uffff", "control"),
        ("a\nb", "control"),
        ("invoice\u202egpj.exe", "direction"),
        ("\u2066x\u2069", "direction"),
        ("\u200fx", "direction"),
        ("支付\u200b宝", "invisible"),
        ("\u3164", "invisible"),
        ("\u200d", "invisible"),
        ("\u00a0\u0301", "invisible"),
    ],
)
def test_texts_that_deceive_are_told_why(text: str, why: str) -> None:
    assert fault(text) == why


def test_several_lines_are_allowed_where_they_are_wanted() -> None:
    assert fault("one\ttwo\r\nthree", lines=True) is None
    assert fault("one\x0btwo", lines=True) == "control"
