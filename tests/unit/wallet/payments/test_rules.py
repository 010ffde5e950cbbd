"""Rules of payments, without a database."""

import uuid
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.payments import rules
from wallet.payments.values import PaymentStatus, PresentedKind

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_every_status_is_in_the_table_of_moves() -> None:
    assert set(rules.MOVES) == set(PaymentStatus)


@pytest.mark.parametrize(("present", "target"), list(product(PaymentStatus, PaymentStatus)))
def test_check_move_allows_what_the_table_lists_and_nothing_else(
    present: PaymentStatus, target: PaymentStatus
) -> None:
    if target in rules.MOVES[present]:
        rules.check_move(present, target)
    else:
        with pytest.raises(
            (
                rules.PaymentAlreadyPaid,
                rules.PaymentClosed,
                rules.PaymentFinished,
                rules.PaymentNotPaid,
            )
        ):
            rules.check_move(present, target)


@pytest.mark.parametrize("amount_minor", [1, 100_000_000_00])
def test_check_order_allows_the_smallest_and_the_largest(amount_minor: int) -> None:
    rules.check_order(reference="A", amount_minor=amount_minor, currency="CNY")


@pytest.mark.parametrize(
    ("auth", "presented", "names"),
    [
        (rules.PayerAuth(with_pin=False), "DYNAMIC", ["no_pin_day"]),
        (rules.PayerAuth(with_pin=False, offline=True), "DYNAMIC", ["no_pin_day", "offline_day"]),
        (rules.PayerAuth(with_pin=True), "DYNAMIC", ["pin_day"]),
        (rules.PayerAuth(with_pin=True), "STATIC", ["static_day", "pin_day"]),
        (rules.PayerAuth(with_pin=True, agreed=True), "DYNAMIC", []),
    ],
)
def test_each_way_of_paying_counts_against_its_days(
    auth: rules.PayerAuth, presented: str, names: list[str]
) -> None:
    limits = rules.day_limits(auth, PresentedKind(presented))
    assert [limit.name.removeprefix("payments.") for limit in limits] == names


@pytest.mark.parametrize(
    ("ago", "offline"),
    [(timedelta(minutes=5), False), (timedelta(minutes=5, seconds=1), True), (None, True)],
)
def test_is_offline_after_the_time_and_not_at_it(ago: timedelta | None, offline: bool) -> None:
    seen_at = NOON - ago if ago is not None else None
    assert (
        rules.is_offline(last_seen_at=seen_at, at=NOON, offline_after=timedelta(minutes=5))
        is offline
    )


@pytest.mark.parametrize(
    ("zone", "on"),
    [
        ("Asia/Shanghai", date(2026, 3, 2)),
        ("UTC", date(2026, 3, 1)),
        ("America/New_York", date(2026, 3, 1)),
    ],
)
def test_business_date_is_the_payees_own(zone: str, on: date) -> None:
    assert rules.business_date(NOON + timedelta(hours=5), zone) == on


def test_payment_number_has_28_digits_and_begins_with_the_date() -> None:
    number = rules.payment_number(uuid.uuid4(), on=date(2026, 3, 1), unit=7)
    assert len(number) == 28
    assert number.isdigit()
    assert number.startswith("202603012207")


@given(
    st.integers(1, 10_000),
    st.lists(st.integers(-5_000, 5_000), max_size=3),
)
def test_split_refund_takes_in_order_and_no_more_than_there_is(
    amount_minor: int, held: list[int]
) -> None:
    shares = rules.split_refund(amount_minor, held)
    assert sum(shares) == amount_minor
    assert len(shares) == len(held) + 1
    assert all(0 <= share <= max(there, 0) for share, there in zip(shares, held, strict=False))
    for index, share in enumerate(shares[:-1]):
        if share < max(held[index], 0):
            assert not any(shares[index + 1 :])


@given(st.integers(1, 1_000), st.integers(0, 1_000), st.integers(-10, 2_000))
def test_check_refund_never_lets_more_back_than_came(
    paid_minor: int, refunded_minor: int, amount_minor: int
) -> None:
    allowed = amount_minor >= 1 and refunded_minor + amount_minor <= paid_minor
    if allowed:
        rules.check_refund(
            amount_minor=amount_minor, paid_minor=paid_minor, refunded_minor=refunded_minor
        )
    else:
        with pytest.raises((rules.AmountOutOfRange, rules.RefundExceedsPaid)):
            rules.check_refund(
                amount_minor=amount_minor, paid_minor=paid_minor, refunded_minor=refunded_minor
            )


def test_a_refund_beyond_what_is_left_is_told_what_is_left() -> None:
    with pytest.raises(rules.RefundExceedsPaid) as refused:
        rules.check_refund(amount_minor=71, paid_minor=100, refunded_minor=30)
    assert (refused.value.field, refused.value.fields) == ("amount", {"remaining_minor": 70})
    with pytest.raises(rules.AmountOutOfRange) as too_small:
        rules.check_refund(amount_minor=0, paid_minor=100, refunded_minor=0)
    assert too_small.value.field == "amount"
