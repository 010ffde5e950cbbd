"""The text TLV, cut and bent."""

import pytest

from wallet.qr.tlv import TlvInvalid, TlvUnwritable, walk, walk_or_none, write


def test_walk_counts_characters_not_bytes() -> None:
    assert walk("0104最佳运输") == [("01", "最佳运输")]


def test_walk_of_nothing_is_empty() -> None:
    assert walk("") == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("AA00", "bad id 'AA' at 0"),
        ("0", "bad id '0' at 0"),
        ("00XX", "bad length 'XX' at 2"),
        ("001", "bad length '1' at 2"),
        ("0000", "zero length of 00"),
        ("0005abc", "value of 00 truncated: want 5 have 3"),
        ("٠٠02ab", "bad id '٠٠' at 0"),
        ("0001a" * 129, "more than 128 objects"),
    ],
)
def test_walk_says_where_the_structure_breaks(text: str, reason: str) -> None:
    with pytest.raises(TlvInvalid) as raised:
        walk(text)

    assert raised.value.reason == reason


def test_walk_or_none_gives_none_for_plain_text() -> None:
    assert walk_or_none("plain text") is None


@pytest.mark.parametrize("pair", [("0", "a"), ("AB", "a"), ("00", ""), ("00", "a" * 100)])
def test_write_refuses_what_no_reader_could_read(pair: tuple[str, str]) -> None:
    with pytest.raises(TlvUnwritable):
        write([pair])
