"""CBOR: appendix A both ways, and strictness."""

import math
from typing import Any

import pytest
from cbor2 import CBORTag, undefined

from healthcode.codec import cbor
from healthcode.codec.errors import CertificateRefused, Stage
from tests.vectors import cases

# RFC 7049 still wrote simple(24) in two bytes; RFC 8949, 3.3 calls that not well-formed.
NOT_WELL_FORMED_ANY_MORE = "f818"
ALL = cases("cbor-appendix-a.json")
CASES = [case for case in ALL if case["hex"] != NOT_WELL_FORMED_ANY_MORE]


def same(left: Any, right: Any) -> bool:
    """Equal, with NaN equal to itself and 0.0 apart from -0.0."""
    if isinstance(left, float) and isinstance(right, float):
        return repr(left) == repr(right)
    return bool(left == right)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["hex"])
def test_reads_each_example_of_appendix_a(case: dict[str, Any]) -> None:
    value = cbor.decode(bytes.fromhex(case["hex"]))
    if "decoded" in case:
        assert same(value, case["decoded"])
    else:
        assert value is undefined or not isinstance(value, int | str)


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case["roundtrip"] and "decoded" in case],
    ids=lambda case: case["hex"],
)
def test_writes_each_example_of_appendix_a_back(case: dict[str, Any]) -> None:
    value = cbor.decode(bytes.fromhex(case["hex"]))
    if isinstance(value, float) and not value.is_integer() and not math.isnan(value):
        assert cbor.decode(cbor.encode(value)) == value
    else:
        assert cbor.encode(value).hex() == case["hex"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param("", "cbor_malformed", id="nothing"),
        pytest.param("0000", "cbor_trailing_bytes", id="a second item"),
        pytest.param("a201010102", "cbor_malformed", id="a key twice"),
        pytest.param("a2010102", "cbor_malformed", id="cut short"),
        pytest.param("81" * 100 + "00", "cbor_malformed", id="too deep"),
        pytest.param("62c328", "cbor_malformed", id="text that is not UTF-8"),
        pytest.param("9bffffffffffffffff", "cbor_malformed", id="an array without end"),
        pytest.param(NOT_WELL_FORMED_ANY_MORE, "cbor_malformed", id="a reserved simple value"),
    ],
)
def test_refuses_what_is_not_one_well_formed_item(data: str, reason: str) -> None:
    with pytest.raises(CertificateRefused) as refused:
        cbor.decode(bytes.fromhex(data))
    assert (refused.value.stage, refused.value.reason) == (Stage.CBOR, reason)


def test_follows_no_shared_reference() -> None:
    assert cbor.decode(bytes.fromhex("d81d00")) == CBORTag(29, 0)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, 1.0),
        (1.5, 1.5),
        (CBORTag(1, 7), 7.0),
        (True, None),
        (None, None),
        (math.inf, None),
        ("1", None),
        (CBORTag(0, "2020"), None),
    ],
)
def test_reads_a_time_only_from_a_number(value: object, expected: float | None) -> None:
    assert cbor.seconds(value) == expected


def test_says_everything_in_the_terms_of_json() -> None:
    value = cbor.decode(
        bytes.fromhex("a6014102 6161c0613161620361 63f97e0061 64f761 65f0".replace(" ", ""))
    )
    assert cbor.to_json(value) == {
        "1": "Ag",
        "a": "1",
        "b": 3,
        "c": "nan",
        "d": None,
        "e": 16,
    }
