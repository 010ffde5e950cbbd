"""What a fault may be, and which calls it strikes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merchants.workbench import rules
from merchants.workbench.values import FaultKind, FaultPlan


@pytest.mark.parametrize(
    ("kind", "percent", "times", "delay_ms", "field"),
    [
        (FaultKind.DROP_ANSWER, 0, None, 0, "percent"),
        (FaultKind.DROP_ANSWER, 101, None, 0, "percent"),
        (FaultKind.DROP_ANSWER, 100, 0, 0, "times"),
        (FaultKind.DROP_ANSWER, 100, None, 1, "delay_ms"),
        (FaultKind.DELAY_ANSWER, 100, None, 0, "delay_ms"),
        (FaultKind.DELAY_ANSWER, 100, None, 30_001, "delay_ms"),
    ],
)
def test_names_the_value_that_is_out_of_bounds(
    kind: FaultKind, percent: int, times: int | None, delay_ms: int, field: str
) -> None:
    with pytest.raises(rules.FaultInvalid) as refused:
        rules.check_fault(kind=kind, percent=percent, times=times, delay_ms=delay_ms)
    assert refused.value.field == field


@given(st.integers(0, 10**6), st.sampled_from(FaultKind), st.integers(0, 10**6))
def test_all_strikes_always_and_the_same_seed_strikes_the_same(
    seed: int, kind: FaultKind, draw: int
) -> None:
    assert rules.strikes(seed=seed, kind=kind, draw=draw, percent=100)
    half = rules.strikes(seed=seed, kind=kind, draw=draw, percent=50)
    assert half == rules.strikes(seed=seed, kind=kind, draw=draw, percent=50)


def test_strikes_about_its_share_of_calls() -> None:
    struck = sum(
        rules.strikes(seed=42, kind=FaultKind.DROP_ANSWER, draw=draw, percent=30)
        for draw in range(2_000)
    )
    assert 500 < struck < 700


def test_a_plan_names_its_faults() -> None:
    plan = FaultPlan(error_after=True, drop_answer=True, delay_ms=5)
    assert plan.names == "DELAY_ANSWER ERROR_AFTER DROP_ANSWER"
