"""Forms and answers: what a declared field takes, refuses and writes."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from merchants.gateway import schema
from merchants.gateway.methods.expiry import expires_at
from merchants.gateway.schema import (
    Answer,
    ContentUnreadable,
    FieldInvalid,
    FieldMissing,
    Form,
    Lifetime,
)
from merchants.protocol.formats import beijing, moment_of

NOON = datetime(2026, 1, 2, 4, 0, tzinfo=UTC)


@dataclass(kw_only=True, slots=True)
class Goods(Form):
    """One of a list."""

    name: str = schema.text(required=True)
    price: int | None = schema.amount()


@dataclass(kw_only=True, slots=True)
class Sample(Form):
    """One field of each kind."""

    number: str = schema.text(required=True, longest=8, pattern="[A-Z0-9]+")
    total: int = schema.amount(required=True)
    scene: str = schema.text(one_of=frozenset({"bar_code"}))
    reason: str = schema.text(echoed=True)
    goods: list[Goods] | None = schema.parts(Goods, most=3)
    until: datetime | None = schema.moment()
    life: Lifetime | None = schema.lifetime()


@dataclass(kw_only=True, slots=True)
class Told(Answer):
    """An answer with an optional part."""

    first: str
    second: str | None = None


def _read(**content: object) -> Sample:
    return schema.read(Sample, {"number": "A1", "total": "1.00"} | content)


def test_reads_required_fields_and_leaves_the_others_absent() -> None:
    sample = _read(unknown="ignored")
    assert (sample.number, sample.total, sample.scene) == ("A1", 100, "")
    assert (sample.goods, sample.until, sample.life) == (None, None, None)


@pytest.mark.parametrize("empty", ["", None])
def test_reports_the_first_missing_field_in_the_forms_order(empty: object) -> None:
    with pytest.raises(FieldMissing) as caught:
        schema.read(Sample, {"number": empty})
    assert caught.value.field == "number"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", "toolongnumber"),
        ("number", "a1"),
        ("number", {"a": "1"}),
        ("total", "0"),
        ("total", "-1"),
        ("total", "0.001"),
        ("total", "1e999999999"),
        ("total", "NaN"),
        ("total", True),
        ("total", ["1"]),
        ("scene", "wave"),
        ("reason", "unbalanced {"),
        ("reason", "nul \x00"),
        ("reason", "half \ud800"),
        ("goods", {"not": "a list"}),
        ("goods", ["\x00"]),
        ("goods", ["1"]),
        ("goods", [{"a": "\x00"}]),
        ("goods", [{"name": "Tea"}] * 4),
        ("until", "2026-13-01 00:00:00"),
        ("until", "2026-01-02T00:00:00"),
        ("until", True),
        ("life", "0m"),
        ("life", "16d"),
        ("life", "1.5h"),
        ("life", 5),
    ],
)
def test_refuses_a_value_that_does_not_fit(field: str, value: object) -> None:
    with pytest.raises(FieldInvalid) as caught:
        _read(**{field: value})
    assert caught.value.field == field


def test_refuses_a_list_nested_beyond_reason() -> None:
    nested: list[Any] = []
    for _ in range(30):
        nested = [nested]
    with pytest.raises(FieldInvalid):
        _read(goods=nested)


@pytest.mark.parametrize(("sent", "minor"), [('"88.80"', 8880), ("88.8", 8880), ("100", 10000)])
def test_reads_amounts_from_text_and_from_numbers(sent: str, minor: int) -> None:
    content = schema.content_of(f'{{"number":"A","total":{sent}}}')
    assert schema.read(Sample, content).total == minor


@pytest.mark.parametrize(
    ("written", "minutes"),
    [("1m", 1), ("90m", 90), ("2h", 120), ("15d", 21600), ("1c", None)],
)
def test_reads_lives(written: str, minutes: int | None) -> None:
    assert _read(life=written).life == Lifetime(minutes=minutes)


@pytest.mark.parametrize(
    ("life", "ends"),
    [
        (None, None),
        (Lifetime(minutes=90), datetime(2026, 1, 2, 5, 30, tzinfo=UTC)),
        (Lifetime(minutes=None), datetime(2026, 1, 2, 16, 0, tzinfo=UTC)),
    ],
)
def test_ends_a_trade_after_its_life(life: Lifetime | None, ends: datetime | None) -> None:
    assert expires_at(NOON, life, None) == ends


def test_prefers_an_absolute_end() -> None:
    end = moment_of("2026-01-02 12:30:00")
    assert expires_at(NOON, Lifetime(minutes=1), end) == end


def test_refuses_an_absolute_end_that_is_past() -> None:
    with pytest.raises(FieldInvalid):
        expires_at(NOON, None, moment_of("2026-01-02 12:00:00"))


def test_writes_moments_in_beijing_time() -> None:
    assert beijing(NOON) == "2026-01-02 12:00:00"


@pytest.mark.parametrize(
    "text", ["", "[]", "1", "{", "nul", '{"a":NaN}', "[" * 100_000, '{"a":' * 50_000]
)
def test_refuses_content_that_is_no_json_object(text: str) -> None:
    with pytest.raises(ContentUnreadable):
        schema.content_of(text)


def test_keeps_numbers_as_they_were_written() -> None:
    assert schema.content_of('{"a":0.10,"b":12345678901234567890}') == {
        "a": "0.10",
        "b": "12345678901234567890",
    }


def test_writes_answers_in_their_order_without_absent_fields() -> None:
    assert schema.node_of(Told(first="1")) == {
        "code": "10000",
        "msg": "Success",
        "first": "1",
    }
    assert list(schema.node_of(Told(first="1", second="2")))[-1] == "second"
