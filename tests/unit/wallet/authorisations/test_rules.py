"""Trust, splits and numbers, without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.authorisations import rules
from wallet.authorisations.values import AuthorisationStatus, OperationKind, Record, Split, Trust

AMOUNT = st.integers(1, 10**12)


@pytest.mark.parametrize(
    ("record", "points", "waives"),
    [
        (Record(paid=0, kept=0, late=0, open=0), 540, False),
        (Record(paid=11, kept=0, late=0, open=0), 595, False),
        (Record(paid=12, kept=0, late=0, open=0), 600, True),
        (Record(paid=20, kept=2, late=0, open=0), 680, True),
        (Record(paid=900, kept=90, late=0, open=0), 840, True),
        (Record(paid=20, kept=2, late=1, open=0), 620, True),
        (Record(paid=20, kept=10, late=0, open=1), 740, False),
        (Record(paid=0, kept=0, late=9, open=9), 350, False),
    ],
)
def test_trust_is_a_sum_that_can_be_told(record: Record, points: int, waives: bool) -> None:
    figure = rules.trust(record)
    assert (figure.points, figure.may_waive) == (points, waives)
    whole = sum(factor.points for factor in figure.factors)
    assert figure.points == min(max(whole, 350), 850)


@given(AMOUNT, st.booleans(), st.booleans(), AMOUNT, AMOUNT)
def test_freeze_is_split_without_loss(
    amount: int, asked: bool, trusted: bool, exposure: int, limit: int
) -> None:
    split = rules.hold_split(
        amount,
        waiver_asked=asked,
        trust=Trust(600, (), trusted),
        exposure_minor=exposure,
        limit_minor=limit,
    )
    assert split.funds_minor + split.credit_minor == amount
    assert split.funds_minor >= 0
    assert split.credit_minor == 0 or (asked and trusted and exposure < limit)


@given(AMOUNT, st.integers(0, 10**12), st.integers(0, 10**12))
def test_funds_are_taken_before_our_word(amount: int, held: int, waived: int) -> None:
    if amount > held + waived:
        with pytest.raises(rules.AuthorisationExceeded):
            rules.take(amount, held_minor=held, waived_minor=waived)
        return
    split = rules.take(amount, held_minor=held, waived_minor=waived)
    assert split == Split(min(amount, held), max(0, amount - held))


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (AuthorisationStatus.INIT, rules.AuthorisationNotGiven),
        (AuthorisationStatus.FINISHED, rules.AuthorisationFinished),
        (AuthorisationStatus.CLOSED, rules.AuthorisationClosed),
    ],
)
def test_only_the_authorised_is_captured(
    status: AuthorisationStatus, error: type[Exception]
) -> None:
    rules.check_open(AuthorisationStatus.AUTHORISED)
    with pytest.raises(error):
        rules.check_open(status)


@pytest.mark.parametrize("span", [timedelta(minutes=1), timedelta(days=15)])
def test_bounds_of_the_time_to_agree_are_inside(span: timedelta) -> None:
    rules.check_pay_time(span)


def test_numbers_tell_their_day_and_kind() -> None:
    on = date(2026, 11, 26)
    assert rules.authorisation_number(7, on=on, unit=5) == "2026112630050000000000000007"
    told = [rules.operation_number(7, on=on, unit=5, kind=kind)[8:10] for kind in OperationKind]
    assert told == ["31", "32", "33"]
