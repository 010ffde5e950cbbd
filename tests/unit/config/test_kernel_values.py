"""Ids, keys, errors and strict JSON."""

import io
import uuid
from datetime import timedelta

import pytest
from rest_framework.exceptions import ParseError

from config.http.parsers import StrictJSONParser
from config.http.problems import status_of
from config.kernel import errors, ids, keys
from tests.factories.clock import advance


@pytest.mark.django_db
def test_ids_are_version_seven_and_ordered_by_business_time() -> None:
    first = ids.uuid7()
    advance(seconds=1)
    second = ids.uuid7()
    assert first.version == second.version == 7
    assert first < second
    assert (second.int >> 80) - (first.int >> 80) >= timedelta(seconds=1) // timedelta(
        milliseconds=1
    )


def test_units_are_spread_over_a_hundred() -> None:
    units = {ids.unit_of(uuid.uuid4()) for _ in range(5000)}
    assert units == set(range(100))


def test_random_digits_keep_their_leading_zeros() -> None:
    assert all(len(ids.random_digits(4)) == 4 for _ in range(200))


def test_what_is_sealed_opens_only_for_its_purpose() -> None:
    sealed = keys.seal(b"secret", purpose="one")
    assert keys.unseal(sealed, purpose="one") == b"secret"
    with pytest.raises(keys.SealBroken):
        keys.unseal(sealed, purpose="another")


def test_a_changed_seal_does_not_open() -> None:
    sealed = bytearray(keys.seal(b"secret", purpose="one"))
    sealed[-1] ^= 1
    with pytest.raises(keys.SealBroken):
        keys.unseal(bytes(sealed), purpose="one")


def test_the_same_secret_is_never_sealed_to_the_same_bytes() -> None:
    assert keys.seal(b"x", purpose="p") != keys.seal(b"x", purpose="p")


class TooPoor(errors.Refused):
    code = "too_poor"


def test_an_error_has_the_status_of_its_family() -> None:
    assert status_of(TooPoor()) == 422
    assert status_of(errors.Locked()) == 423


def test_an_error_tells_its_facts() -> None:
    error = TooPoor(field="amount", available_minor=5)
    assert (error.field, error.fields) == ("amount", {"available_minor": 5})
    assert "available_minor=5" in str(error)


def test_a_broken_invariant_stops() -> None:
    with pytest.raises(errors.InvariantBroken, match="up is up"):
        errors.invariant(False, "up is up")


def parse(body: bytes) -> object:
    return StrictJSONParser().parse(io.BytesIO(body))


def test_reads_ordinary_json() -> None:
    assert parse('{"a": [1, 2.5, "中"]}'.encode()) == {"a": [1, 2.5, "中"]}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"a":1,"a":2}', id="a key twice"),
        pytest.param(b'{"a":NaN}', id="not a number"),
        pytest.param(b'{"a":1e999}', id="infinity by size"),
        pytest.param(b'{"a":"\\u0000"}', id="NUL"),
        pytest.param(b'{"a\\u0000":1}', id="NUL in a key"),
        pytest.param(b'{"a":"\\ud800"}', id="lone surrogate"),
        pytest.param(b"\xff\xfe", id="not UTF-8"),
        pytest.param(b"[" * 40 + b"]" * 40, id="nested too deeply"),
        pytest.param(b"[" * 100_000, id="nested without end"),
        pytest.param(b"", id="empty"),
    ],
)
def test_refuses_what_would_be_guessed_at(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse(body)
