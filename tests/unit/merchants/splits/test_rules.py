"""Sums of splits, at their edges."""

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from merchants.splits import rules
from merchants.splits.values import Keep, Named, NamedBy, Part, Standing
from merchants.terms.rules import fee_left
from merchants.terms.values import FeeTerms

PAID_AT = datetime(2026, 3, 1, tzinfo=UTC)
AMOUNT = st.integers(0, 10**10)


def part(amount_minor: int) -> Part:
    """One payee's part."""
    return Part(Named(NamedBy.NUMBER, "2088000000000001"), amount_minor)


@pytest.mark.parametrize("count", [1, rules.MOST_PAYEES])
def test_one_to_twenty_payees_may_be_named(count: int) -> None:
    rules.check_payees(count)


@pytest.mark.parametrize("count", [0, rules.MOST_PAYEES + 1])
def test_no_payee_or_too_many_are_refused(count: int) -> None:
    with pytest.raises(rules.PayeesInvalid):
        rules.check_payees(count)


def test_a_name_is_checked_where_it_is_given() -> None:
    rules.check_name("", "李华")
    rules.check_name(" 李华 ", "李华")
    with pytest.raises(rules.SplitPayeeNameDiffers):
        rules.check_name("李花", "李华")


def test_parts_may_take_the_whole_rest_and_not_a_fen_more() -> None:
    rules.check_parts([part(60), part(40)], rest_minor=100)
    with pytest.raises(rules.SplitAmountInvalid) as refused:
        rules.check_parts([part(60), part(41)], rest_minor=100)
    assert refused.value.fields["rest_minor"] == 100


def test_an_overdrawn_rest_is_told_as_nothing() -> None:
    with pytest.raises(rules.SplitAmountInvalid) as refused:
        rules.check_parts([part(1)], rest_minor=-5)
    assert refused.value.fields["rest_minor"] == 0


def test_what_can_be_split_is_what_is_left_after_refunds_fee_and_splits() -> None:
    standing = Standing(paid_minor=100, refunded_minor=20, fee_minor=1, split_minor=30)
    assert standing.rest_minor == 49


@given(AMOUNT, st.integers(0, 10_000), st.data())
def test_a_fee_is_never_more_than_what_is_left(paid: int, bps: int, data: st.DataObject) -> None:
    paid += 1
    refunded = data.draw(st.integers(0, paid))
    fee = fee_left(paid_minor=paid, refunded_minor=refunded, terms=FeeTerms(bps))
    whole = fee_left(paid_minor=paid, refunded_minor=0, terms=FeeTerms(bps))
    assert 0 <= fee <= whole <= paid
    assert fee_left(paid_minor=paid, refunded_minor=paid, terms=FeeTerms(bps)) == 0


def test_a_split_that_waits_waits_half_a_minute_after_the_payment() -> None:
    half = timedelta(seconds=30)
    assert rules.due_at(paid_at=PAID_AT, now=PAID_AT) == PAID_AT + half
    late = PAID_AT + timedelta(hours=1)
    assert rules.due_at(paid_at=PAID_AT, now=late) == late


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=8), st.integers(0, 10**9))
def test_refunds_in_turn_bring_a_whole_share_back(refunds: list[int], held: int) -> None:
    left, share = sum(refunds), held
    for refund in refunds:
        back = rules.pro_rata(held_minor=share, refund_minor=refund, left_minor=left)
        assert 0 <= back <= share
        share, left = share - back, left - refund
    assert (share, left) == (0, 0)


@given(AMOUNT, st.lists(st.integers(-(10**9), 10**10), max_size=8))
def test_an_amount_is_taken_in_order_and_never_more_than_is_held(
    amount: int, held: list[int]
) -> None:
    taken = rules.spread(amount, held)
    assert all(0 <= one <= max(0, has) for one, has in zip(taken, held, strict=True))
    assert sum(taken) == min(amount, sum(max(0, one) for one in held))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(1, 10**10), st.lists(st.integers(0, 10_000), min_size=1, max_size=20))
def test_shares_add_up_to_what_they_come_to_together(total: int, hundredths: list[int]) -> None:
    if not any(hundredths):
        return
    percentages = [Decimal(each) / 100 for each in hundredths]
    shares = rules.shares_of(total, percentages)
    assert sum(shares) == total * sum(hundredths) // 10_000
    for share, each in zip(shares, hundredths, strict=True):
        assert abs(share * 10_000 - total * each) < 20_000


def test_a_payee_is_neither_the_merchant_nor_its_owner() -> None:
    shop, sister, owner, friend = (uuid.uuid4() for _ in range(4))
    for payee in ((sister, owner), (None, friend), (sister, friend)):
        rules.check_other(merchant=(shop, owner), payee=payee, field="account")
    for payee in ((shop, owner), (None, owner)):
        with pytest.raises(rules.SplitPayeeIsPayer):
            rules.check_other(merchant=(shop, owner), payee=payee, field="account")


@pytest.mark.parametrize(
    ("flag", "binds", "keep"),
    [
        ("true", False, Keep.UNTIL_FINISHED),
        (True, True, Keep.UNTIL_FINISHED),
        ("false", True, Keep.NOTHING),
        (False, True, Keep.NOTHING),
        (None, True, Keep.FOR_DAYS),
        (None, False, Keep.NOTHING),
        (7, False, Keep.NOTHING),
    ],
)
def test_the_sale_or_the_merchants_payees_decide_what_is_kept_back(
    flag: object, binds: bool, keep: Keep
) -> None:
    details = {"extend_params": {"royalty_freeze": flag}} if flag is not None else {}
    assert rules.keeps_back(details, binds=binds) is keep


@pytest.mark.parametrize("details", [{}, {"royalty": "x"}, {"royalty": []}])
def test_a_sale_without_a_plan_plans_nothing(details: dict[str, object]) -> None:
    assert rules.planned(details) == 0
