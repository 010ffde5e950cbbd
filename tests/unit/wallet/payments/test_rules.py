"""Rules of payments, without a database."""

import uuid
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.kernel.errors import SaomaError
from config.kernel.limits.rules import judge
from config.kernel.limits.values import Limit
from wallet.payments import rules
from wallet.payments.values import Order, PaymentStatus, PayRequest, PresentedKind

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_every_status_is_in_the_table_of_moves() -> None:
    assert set(rules.MOVES) == set(PaymentStatus)


@pytest.mark.parametrize(("present", "target"), list(product(PaymentStatus, PaymentStatus)))
def test_check_move_allows_what_the_table_lists_and_nothing_else(
    present: PaymentStatus, target: PaymentStatus
) -> None:
    refusals: dict[PaymentStatus, type[SaomaError]] = {
        PaymentStatus.PENDING: rules.PaymentNotPaid,
        PaymentStatus.PAID: rules.PaymentAlreadyPaid,
        PaymentStatus.CLOSED: rules.PaymentClosed,
        PaymentStatus.FINISHED: rules.PaymentFinished,
    }
    if target in rules.MOVES[present]:
        rules.check_move(present, target)
    else:
        with pytest.raises(refusals[present]) as refused:
            rules.check_move(present, target)
        assert refused.value.fields == {"status": present.value}


@pytest.mark.parametrize("amount_minor", [1, 100_000_000_00])
def test_check_order_allows_the_smallest_and_the_largest(amount_minor: int) -> None:
    rules.check_order(reference="A", amount_minor=amount_minor, currency="CNY")


def requested_by(order: dict[str, Any]) -> PayRequest:
    return PayRequest(
        payee_id=uuid.uuid4(),
        payee_account_id=uuid.uuid4(),
        payee_name="Tea house",
        expires_at=NOON,
        details={},
        **order,
    )


GOOD = {"reference": "A1", "amount_minor": 100, "currency": "CNY", "description": "tea"}


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"amount_minor": 0}, "amount_out_of_range", "amount"),
        ({"amount_minor": 100_000_000_01}, "amount_out_of_range", "amount"),
        ({"currency": "USD"}, "currency_unsupported", "currency"),
        ({"currency": "cny"}, "currency_unsupported", "currency"),
        ({"reference": ""}, "reference_invalid", "reference"),
        ({"reference": "A" * 65}, "reference_invalid", "reference"),
        ({"reference": "A\0"}, "reference_invalid", "reference"),
        ({"reference": "订单\0"}, "reference_invalid", "reference"),
        ({"reference": "订单\ud800"}, "reference_invalid", "reference"),
        ({"description": "x" * 257}, "text_invalid", "description"),
        ({"description": "x\0"}, "text_invalid", "description"),
    ],
)
def test_an_order_that_cannot_be_is_refused_by_its_field(
    changes: dict[str, Any], code: str, field: str
) -> None:
    order = {**GOOD, **changes}
    with pytest.raises(SaomaError) as refused:
        rules.check_order(**order)
    assert (refused.value.code, refused.value.field) == (code, field)
    with pytest.raises(SaomaError) as requested:
        rules.check_request(requested_by(order))
    assert (requested.value.code, requested.value.field) == (code, field)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"reference": "A" * 64},
        {"reference": "订" * 64},
        {"description": "x" * 256},
        {"description": ""},
        {"description": "two\nlines"},
    ],
)
def test_an_order_at_its_bounds_is_taken(changes: dict[str, Any]) -> None:
    rules.check_order(**{**GOOD, **changes})
    rules.check_request(requested_by({**GOOD, **changes}))


def test_an_order_needs_no_description() -> None:
    rules.check_order(reference="A", amount_minor=1, currency="CNY")


@pytest.mark.parametrize(
    ("text", "longest", "lines", "fits"),
    [
        ("", 0, True, True),
        ("ab", 2, True, True),
        ("abc", 2, True, False),
        ("a\nb", 3, True, True),
        ("a\nb", 3, False, False),
        ("a\0b", 3, True, False),
        ("a\ud800", 2, True, False),
    ],
)
def test_a_text_is_refused_by_its_field_where_it_is_too_long_or_cannot_be_shown(
    text: str, longest: int, lines: bool, fits: bool
) -> None:
    if fits:
        rules.check_text(text, field="note", longest=longest, lines=lines)
        return
    with pytest.raises(rules.TextInvalid) as refused:
        rules.check_text(text, field="note", longest=longest, lines=lines)
    assert refused.value.field == "note"


def test_a_text_may_have_lines_unless_it_is_said_otherwise() -> None:
    rules.check_text("a\nb", field="note", longest=3)


@pytest.mark.parametrize(
    ("details", "text"),
    [
        ({}, "{}"),
        ({"till": "7", "fee": 1}, '{"till":"7","fee":1}'),
        ({"note": "\\u0000"}, '{"note":"\\\\u0000"}'),
        ({"b": [1, None], "a": {"é": "北京"}}, '{"b":[1,null],"a":{"é":"北京"}}'),
    ],
)
def test_extras_are_written_compact_in_their_own_order_and_script(
    details: dict[str, object], text: str
) -> None:
    assert rules.details_text(details) == text


@pytest.mark.parametrize(
    "details",
    [
        {"note": "a\0"},
        {"note": "\\\0"},
        {"a\0": 1},
        {"note": ["北\0"]},
        {"note": "\ud800"},
        {"note": {"deep": "北\udfff"}},
    ],
)
def test_extras_that_cannot_be_stored_are_refused(details: dict[str, object]) -> None:
    with pytest.raises(rules.TextInvalid) as refused:
        rules.details_text(details)
    assert refused.value.field == "details"


def test_a_repeated_order_number_asks_for_the_same_or_is_told_how_the_first_stands() -> None:
    order = Order(uuid.uuid4(), 100, "CNY", "tea")
    rules.check_same_order(order, Order(*order), status=PaymentStatus.PAID)
    others = (
        order._replace(payee_account_id=uuid.uuid4()),
        order._replace(amount_minor=101),
        order._replace(currency="USD"),
        order._replace(description="coffee"),
    )
    for other in others:
        with pytest.raises(rules.PaymentConflict) as refused:
            rules.check_same_order(order, other, status=PaymentStatus.PAID)
        assert (refused.value.field, refused.value.fields) == ("reference", {"status": "PAID"})


def test_a_contested_payment_waits_for_the_decision() -> None:
    rules.check_uncontested(None)
    with pytest.raises(rules.PaymentContested):
        rules.check_uncontested(NOON)


@pytest.mark.parametrize(
    ("limit", "fields"),
    [
        (rules.PIN_DAY, {"remaining_minor": 5, "presented": "DYNAMIC"}),
        (rules.STATIC_DAY, {"remaining_minor": 5, "presented": "STATIC"}),
        (rules.NO_PIN_DAY, {}),
        (rules.OFFLINE_DAY, {}),
        (rules.NO_PIN_EACH, {}),
        (rules.OFFLINE_EACH, {}),
    ],
)
def test_a_limit_that_a_pin_lifts_asks_for_it_and_another_tells_what_is_left(
    limit: Limit, fields: dict[str, object]
) -> None:
    with pytest.raises(SaomaError) as refused:
        judge(limit, used=95, amount=6, ceiling=100)
    assert refused.value.fields == fields
    refusal = ("limit_exceeded", "amount") if fields else ("pin_required", "pin")
    assert (refused.value.code, refused.value.field) == refusal


@pytest.mark.parametrize(
    ("auth", "presented", "names"),
    [
        (rules.PayerAuth(with_pin=False), "DYNAMIC", ["no_pin_day"]),
        (rules.PayerAuth(with_pin=False, offline=True), "DYNAMIC", ["no_pin_day", "offline_day"]),
        (rules.PayerAuth(with_pin=True), "DYNAMIC", ["pin_day"]),
        (rules.PayerAuth(with_pin=True), "STATIC", ["static_day", "pin_day"]),
        (rules.PayerAuth(with_pin=False), "STATIC", ["static_day", "no_pin_day"]),
        (
            rules.PayerAuth(with_pin=False, offline=True),
            "STATIC",
            ["static_day", "no_pin_day", "offline_day"],
        ),
        (rules.PayerAuth(with_pin=True, offline=True), "DYNAMIC", ["pin_day"]),
        (rules.PayerAuth(with_pin=False, agreed=True), "STATIC", []),
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


def test_business_date_turns_at_the_payees_cut_off() -> None:
    one_at_night = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)
    assert rules.business_date(one_at_night, "Asia/Shanghai") == date(2026, 3, 2)
    assert rules.business_date(one_at_night, "Asia/Shanghai", 2) == date(2026, 3, 1)
    assert rules.business_date(one_at_night, "Asia/Shanghai", cutoff_hour=1) == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        (0, 0, "2026030122" + "00" + "0" * 16),
        (10**16 + 5, 7, "2026030122" + "07" + "0" * 15 + "5"),
        (2**128 - 1, 99, "2026030122" + "99" + "4374607431768211455"[-16:]),
    ],
)
def test_payment_number_ends_in_its_unit_and_sixteen_digits_of_the_id(
    number: int, unit: int, text: str
) -> None:
    assert rules.payment_number(uuid.UUID(int=number), on=date(2026, 3, 1), unit=unit) == text


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
