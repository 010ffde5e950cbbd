"""What always ends: overrides, and passes with the decision they state; specimens never pass."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from healthcode.codec import sh1
from healthcode.decisions.rules import MAX_OVERRIDE_H, OverrideRefused, check_override
from healthcode.passes.queries import PassState
from healthcode.passes.rules import PAPER_LIFE, expires_at
from healthcode.passes.values import PassKind
from healthcode.rules.values import Colour
from healthcode.verification.models import Terminal
from healthcode.verification.usecases.verify_code import _judge
from healthcode.verification.values import Direction, Verdict

NOON = datetime(2022, 6, 1, 4, 0, tzinfo=UTC)
LIVES = st.none() | st.timedeltas(timedelta(0), timedelta(days=400))


@given(hours=st.integers() | st.floats() | st.text() | st.booleans() | st.none())
def test_an_override_that_is_taken_ends_within_72_hours(hours: object) -> None:
    try:
        check_override(
            colour="RED", reason="OUTBREAK_ORDER", hours=hours, legal_basis="Order 12 of May"
        )
    except OverrideRefused:
        return
    assert type(hours) is int
    assert 1 <= hours <= MAX_OVERRIDE_H


@given(
    kind=st.sampled_from(PassKind), bound=st.booleans(), life=LIVES,
    spread=st.floats(0, 1),
)  # fmt: skip
def test_a_pass_never_outlives_its_decision(
    kind: PassKind, bound: bool, life: timedelta | None, spread: float
) -> None:
    valid_until = None if life is None else NOON + life
    end = expires_at(kind=kind, bound=bound, now=NOON, valid_until=valid_until, spread=spread)
    assert end <= NOON + PAPER_LIFE
    assert valid_until is None or end <= valid_until


@given(
    colour=st.sampled_from(sh1.Colour), shown=st.booleans(), revoked=st.booleans(),
    standing=st.sampled_from(Colour), own=st.booleans(), known=st.booleans(),
    direction=st.sampled_from(Direction),
)  # fmt: skip
def test_a_specimen_never_passes(
    colour: sh1.Colour,
    shown: bool,
    revoked: bool,
    standing: Colour,
    own: bool,
    known: bool,
    direction: Direction,
) -> None:
    claims = sh1.Claims(
        issuer="CN-330100", issued_at=NOON, expires_at=NOON + timedelta(hours=1), cti=bytes(16),
        colour=colour, name_hint="", rule_set="", region="", kind=sh1.Kind.SPECIMEN,
    )  # fmt: skip
    presented = sh1.Presented(claims, b"", cast("Any", None), NOON if shown else None)
    state = PassState(None, revoked, standing, own) if known else None
    verdict, _ = _judge(cast("Terminal", None), presented, state, direction, NOON)
    assert verdict is Verdict.SPECIMEN
