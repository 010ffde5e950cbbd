"""The table of limits and the rule that judges them, to the unit."""

from datetime import date, timedelta
from typing import Any

import pytest

from config.kernel.errors import InvariantBroken, Refused
from config.kernel.limits import rules
from config.kernel.limits.values import Limit, Period


class Exceeded(Refused):
    """More than the ceiling allows."""


def limit_of(name: str, **changes: Any) -> Limit:
    facts: dict[str, Any] = {
        "name": name,
        "whose": "person",
        "period": Period.DAY,
        "lock": "a row",
        "refuse": lambda rest, **more: Exceeded(rest=rest, **more),
    }
    return Limit(**{**facts, **changes})


@pytest.fixture(autouse=True)
def empty_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_limits", {})


def test_a_limit_is_declared_once_by_its_name_and_listed_in_order() -> None:
    second, first = limit_of("t.b"), limit_of("t.a")
    assert [rules.declare(second), rules.declare(first)] == [second, first]
    assert list(rules.table().items()) == [("t.a", first), ("t.b", second)]
    with pytest.raises(InvariantBroken, match=r"^one limit is called t\.a$"):
        rules.declare(limit_of("t.a"))
    assert dict(rules.table()) is not rules.table()


@pytest.mark.parametrize(
    ("period", "window"), [(Period.WINDOW, None), (Period.DAY, timedelta(minutes=1))]
)
def test_a_window_has_a_span_and_nothing_else_has(period: Period, window: timedelta | None) -> None:
    with pytest.raises(InvariantBroken, match=r"^a window has a span$"):
        rules.declare(limit_of("t.c", period=period, window=window))
    assert rules.table() == {}


def test_a_limit_with_a_window_is_declared_with_it() -> None:
    limit = limit_of("t.d", period=Period.WINDOW, window=timedelta(minutes=1))
    assert rules.declare(limit) is limit


@pytest.mark.parametrize(
    ("used", "ceiling", "left"), [(0, 5, 5), (5, 5, 0), (6, 5, 0), (3, 0, 0), (3, None, None)]
)
def test_what_is_left_is_never_below_nothing(
    used: int, ceiling: int | None, left: int | None
) -> None:
    assert rules.rest(used=used, ceiling=ceiling) == left


@pytest.mark.parametrize(
    ("used", "amount", "ceiling", "left"),
    [
        (0, 5, 5, None),
        (4, 1, 5, None),
        (4, 2, 5, 1),
        (7, 1, 5, 0),
        (0, 1, 0, 0),
        (9, 9, None, None),
    ],
)
def test_an_amount_may_fill_the_ceiling_and_not_pass_it(
    used: int, amount: int, ceiling: int | None, left: int | None
) -> None:
    limit = limit_of("t.e")
    if left is None:
        rules.judge(limit, used=used, amount=amount, ceiling=ceiling, till="7")
        return
    with pytest.raises(Exceeded) as refused:
        rules.judge(limit, used=used, amount=amount, ceiling=ceiling, till="7")
    assert refused.value.fields == {"rest": left, "till": "7"}


def test_a_limit_that_refuses_nobody_is_not_judged() -> None:
    with pytest.raises(InvariantBroken, match=r"^what is judged can be refused$"):
        rules.judge(limit_of("t.f", refuse=None), used=1, amount=1, ceiling=1)


def test_a_sum_counts_on_its_day_and_year_and_on_none_after() -> None:
    today = date(2026, 3, 1)
    days = [today - timedelta(days=1), today, today + timedelta(days=1)]
    assert [rules.of_day(7, day=day, today=today) for day in days] == [0, 7, 7]
    years = [2025, 2026, 2027]
    assert [rules.of_year(7, year=year, this_year=2026) for year in years] == [0, 7, 7]
