"""Base45: RFC 9285's examples, and everything comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcode.codec import base45
from healthcode.codec.errors import CertificateRefused, Stage
from tests.vectors import cases

CASES = cases("base45-rfc9285.json")
GOOD = [case for case in CASES if case["bytes_utf8"] is not None]
BAD = [case["b45"] for case in CASES if case["bytes_utf8"] is None]


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case["b45"])
def test_agrees_with_the_standards_examples(case: dict[str, str]) -> None:
    data = case["bytes_utf8"].encode()
    assert (base45.encode(data), base45.decode(case["b45"])) == (case["b45"], data)


@pytest.mark.parametrize("text", BAD)
def test_refuses_the_standards_bad_examples(text: str) -> None:
    with pytest.raises(CertificateRefused) as refused:
        base45.decode(text)
    assert refused.value.stage is Stage.ENCODING


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("é00", "base45_character"),
        ("\ud80000", "base45_character"),
        ("AAA\n", "base45_character"),
        ("aaa", "base45_character"),
        ("A", "base45_length"),
        ("ZZ", "base45_overflow"),
        (":::", "base45_overflow"),
    ],
)
def test_says_why_no_bytes_encode_to_a_text(text: str, reason: str) -> None:
    with pytest.raises(CertificateRefused) as refused:
        base45.decode(text)
    assert (refused.value.stage, refused.value.reason) == (Stage.ENCODING, reason)


@given(st.binary(max_size=300))
def test_gives_back_any_bytes(data: bytes) -> None:
    assert base45.decode(base45.encode(data)) == data


def word(number: int) -> str:
    """Three characters by the standard's formula: c + d * 45 + e * 45 * 45."""
    rest, low = divmod(number, 45)
    high, middle = divmod(rest, 45)
    return base45.ALPHABET[low] + base45.ALPHABET[middle] + base45.ALPHABET[high]


def test_two_bytes_are_three_characters_by_the_standards_formula() -> None:
    data = bytes(range(256)) * 2 + b"\xff\xff"
    pairs = zip(data[0::2], data[1::2], strict=True)
    text = "".join(word(first * 256 + second) for first, second in pairs)
    assert (base45.encode(data), base45.decode(text)) == (text, data)


def test_a_last_byte_is_two_characters_of_which_most_are_none() -> None:
    for number in range(45 * 45):
        text = word(number)[:2]
        if number < 256:
            assert (base45.encode(bytes([number])), base45.decode(text)) == (text, bytes([number]))
        else:
            with pytest.raises(CertificateRefused) as refused:
                base45.decode(text)
            assert refused.value.fields == {"stage": "encoding", "reason": "base45_overflow"}


@pytest.mark.parametrize("number", [65_536, 65_537, 45**3 - 1])
def test_no_three_characters_stand_for_more_than_two_bytes(number: int) -> None:
    with pytest.raises(CertificateRefused) as refused:
        base45.decode(word(65_535) + word(number))
    assert refused.value.reason == "base45_overflow"
