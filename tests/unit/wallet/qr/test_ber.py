"""BER-TLV bytes, cut and bent."""

import pytest

from wallet.qr.ber import BerInvalid, Object, decode, encode


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65_535])
def test_lengths_of_every_form_survive_the_round_trip(size: int) -> None:
    objects = [Object("5A", bytes(size)), Object("9F8101", b"x")]

    assert decode(encode(objects)) == objects


def test_a_long_form_length_of_a_short_value_is_read() -> None:
    assert decode(bytes.fromhex("5A810112")) == [Object("5A", b"\x12")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("5A", "length missing at 1"),
        ("5A0212", "value of 5A truncated: want 2 have 1"),
        ("5A80", "bad length at 1"),
        ("5A83000001", "bad length at 1"),
        ("5A81", "length cut short at 1"),
        ("9F", "bad tag at 0"),
        ("9F81818181", "bad tag at 0"),
    ],
)
def test_decode_says_where_the_structure_breaks(data: str, reason: str) -> None:
    with pytest.raises(BerInvalid) as raised:
        decode(bytes.fromhex(data))

    assert raised.value.reason == reason


@pytest.mark.parametrize("tag", ["", "XY", "5A5A", "9F"])
def test_encode_refuses_what_is_no_tag(tag: str) -> None:
    with pytest.raises(BerInvalid):
        encode([Object(tag, b"x")])


def test_encode_refuses_a_value_beyond_two_length_bytes() -> None:
    with pytest.raises(BerInvalid):
        encode([Object("5A", bytes(65_536))])
