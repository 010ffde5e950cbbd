"""Fees and movements hold for any amounts, in any slices."""

from fractions import Fraction
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from merchants.settlement import rules
from merchants.settlement.values import Funds
from merchants.terms.rules import payment_fee
from merchants.terms.values import FeeTerms

AMOUNTS = st.integers(min_value=1, max_value=10**12)
TERMS = st.builds(
    lambda rate, low, extra: FeeTerms(rate, low, None if extra is None else low + extra),
    st.integers(0, 10_000),
    st.integers(0, 10_000),
    st.none() | st.integers(0, 10_000),
)


@st.composite
def slices(draw: st.DrawFn) -> list[int]:
    """An amount cut into refunds, in some order."""
    return draw(st.lists(st.integers(1, 10**9), min_size=1, max_size=12))


@given(AMOUNTS, TERMS)
def test_a_fee_stays_between_nothing_and_the_amount(amount_minor: int, terms: FeeTerms) -> None:
    assert 0 <= payment_fee(amount_minor, terms) <= amount_minor


@given(slices(), TERMS, st.integers(0, 10**9))
def test_refunded_fees_never_exceed_their_share_and_sum_exactly(
    parts: list[int], terms: FeeTerms, kept_minor: int
) -> None:
    paid_minor = sum(parts) + kept_minor
    fee_minor = payment_fee(paid_minor, terms)
    refunded_minor = back_minor = 0
    for part in parts:
        back = rules.refund_fee(
            paid_minor=paid_minor,
            fee_minor=fee_minor,
            refunded_before_minor=refunded_minor,
            fee_back_before_minor=back_minor,
            amount_minor=part,
        )
        assert 0 <= back <= part + 1
        refunded_minor, back_minor = refunded_minor + part, back_minor + back
        assert back_minor <= fee_minor
    if kept_minor == 0:
        assert back_minor == fee_minor


@given(st.integers(1, 10**9), st.integers(0, 10**7), st.data())
def test_a_refund_brings_back_what_the_exact_share_of_the_fee_has_grown_by(
    paid_minor: int, fee_minor: int, data: st.DataObject
) -> None:
    """By fractions: of two parts the largest remainder is the one of half a unit or more."""
    before_minor = data.draw(st.integers(0, paid_minor - 1))
    amount_minor = data.draw(st.integers(1, paid_minor - before_minor))

    def exact(refunded_minor: int) -> int:
        return floor(Fraction(fee_minor * refunded_minor, paid_minor) + Fraction(1, 2))

    back_minor = rules.refund_fee(
        paid_minor=paid_minor,
        fee_minor=fee_minor,
        refunded_before_minor=before_minor,
        fee_back_before_minor=exact(before_minor),
        amount_minor=amount_minor,
    )
    assert back_minor == exact(before_minor + amount_minor) - exact(before_minor)


@given(
    st.integers(0, 10**9),
    st.integers(-(10**6), 10**9),
    st.builds(Funds, *[st.integers(0, 10**9)] * 3),
)
def test_a_movement_balances_and_overdraws_nothing(
    claim_minor: int, fee_minor: int, funds: Funds
) -> None:
    move = rules.movement(claim_minor=claim_minor, fee_minor=fee_minor, funds=funds)
    debits = (
        move.pending_minor
        + move.fee_back_minor
        + move.payable_debit_minor
        + move.receivable_debit_minor
    )
    assert debits == move.fee_minor + move.receivable_minor + move.payable_minor
    assert move.pending_minor <= funds.pending_minor
    assert move.payable_debit_minor <= funds.payable_minor
    assert move.receivable_minor <= funds.owed_minor
    assert move.pending_minor + move.carried_minor == claim_minor
    assert min(move.payable_minor, move.receivable_debit_minor) == 0
