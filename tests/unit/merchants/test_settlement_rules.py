"""Rules of settlement: days, fees, what a batch moves."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from config.kernel.errors import InvariantBroken
from merchants.settlement import rules
from merchants.settlement.values import BatchState, Funds, KindSums, LineFacts, LineKind, Totals
from merchants.terms.rules import payment_fee
from merchants.terms.values import FeeTerms

D = date(2026, 3, 1)
SHANGHAI = "Asia/Shanghai"


def line(kind: LineKind, amount_minor: int, fee_minor: int, pending_minor: int) -> LineFacts:
    return LineFacts(
        kind=kind,
        payment_id=uuid4(),
        refund_id=uuid4() if kind is LineKind.REFUND else None,
        number="",
        reference="",
        request_no="",
        amount_minor=amount_minor,
        fee_minor=fee_minor,
        pending_minor=pending_minor,
        occurred_at=datetime(2026, 3, 1, tzinfo=UTC),
        journal_id=uuid4(),
        fee_rule_id=uuid4(),
    )


def test_a_day_runs_from_midnight_to_midnight_in_the_merchants_zone() -> None:
    day = rules.business_day(D, zone=SHANGHAI, cutoff_hour=0)
    assert day.opens_at == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert day.closes_at == datetime(2026, 3, 1, 16, tzinfo=UTC)


def test_what_is_sold_before_the_cut_off_hour_counts_for_the_evening_before() -> None:
    half_past_one = datetime(2026, 3, 1, 17, 30, tzinfo=UTC)
    day = rules.business_day_of(half_past_one, zone=SHANGHAI, cutoff_hour=2)
    assert day.business_date == D


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-1, D), (0, D + timedelta(days=1)), (1, D + timedelta(days=1))],
)
def test_the_cut_off_itself_belongs_to_the_next_day(seconds: int, expected: date) -> None:
    cut_off = rules.business_day(D, zone=SHANGHAI, cutoff_hour=2).closes_at
    moment = cut_off + timedelta(seconds=seconds)
    assert rules.business_day_of(moment, zone=SHANGHAI, cutoff_hour=2).business_date == expected


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        pytest.param(date(2026, 3, 28), 23, id="clocks go forward in the night that follows"),
        pytest.param(date(2026, 10, 24), 25, id="clocks go back in the night that follows"),
        pytest.param(date(2026, 6, 1), 24, id="an ordinary day"),
    ],
)
def test_a_day_has_as_many_hours_as_the_zone_gives_it(day: date, hours: int) -> None:
    found = rules.business_day(day, zone="Europe/Paris", cutoff_hour=4)
    assert found.closes_at - found.opens_at == timedelta(hours=hours)


@pytest.mark.parametrize("hour", range(24))
def test_every_hour_of_a_changing_night_belongs_to_one_day(hour: int) -> None:
    moment = datetime(2026, 3, 29, 0, 30, tzinfo=UTC) + timedelta(hours=hour)
    day = rules.business_day_of(moment, zone="Europe/Paris", cutoff_hour=2)
    assert day.opens_at <= moment < day.closes_at


@pytest.mark.parametrize(
    ("amount_minor", "terms", "fee_minor"),
    [
        pytest.param(10_000, FeeTerms(60), 60, id="0.60 %"),
        pytest.param(83, FeeTerms(60), 0, id="0.498 fen is nothing"),
        pytest.param(84, FeeTerms(60), 1, id="0.504 fen is one"),
        pytest.param(250, FeeTerms(20), 1, id="half a fen rounds up"),
        pytest.param(100, FeeTerms(60, minimum_minor=5), 5, id="at least"),
        pytest.param(1_000_000, FeeTerms(60, maximum_minor=99), 99, id="at most"),
        pytest.param(3, FeeTerms(60, minimum_minor=5), 3, id="never more than the amount"),
        pytest.param(1, FeeTerms(10_000), 1, id="all of it"),
        pytest.param(10_000, FeeTerms(0), 0, id="nothing"),
    ],
)
def test_fee_of_a_payment(amount_minor: int, terms: FeeTerms, fee_minor: int) -> None:
    assert payment_fee(amount_minor, terms) == fee_minor


def test_refunding_in_thirds_brings_the_whole_fee_back() -> None:
    back: list[int] = []
    for refunded in (0, 100, 200):
        back.append(
            rules.refund_fee(
                paid_minor=300,
                fee_minor=2,
                refunded_before_minor=refunded,
                fee_back_before_minor=sum(back),
                amount_minor=100,
            )
        )
    assert back == [1, 0, 1]


def fee_back(*, paid: int, fee: int, before: int, back_before: int, amount: int) -> int:
    return rules.refund_fee(
        paid_minor=paid,
        fee_minor=fee,
        refunded_before_minor=before,
        fee_back_before_minor=back_before,
        amount_minor=amount,
    )


@pytest.mark.parametrize(("before", "amount"), [(60, 41), (0, 0), (0, -1), (100, 1)])
def test_refunding_more_than_was_paid_or_nothing_is_a_bug_elsewhere(
    before: int, amount: int
) -> None:
    with pytest.raises(InvariantBroken, match=r"^refunds stay within the payment$"):
        fee_back(paid=100, fee=1, before=before, back_before=0, amount=amount)


@pytest.mark.parametrize(
    ("amount", "back"),
    [pytest.param(49, 0, id="below half a fen"), pytest.param(50, 1, id="half a fen goes back")],
)
def test_a_fen_of_a_fee_goes_back_with_the_refund_that_reaches_half_of_it(
    amount: int, back: int
) -> None:
    assert fee_back(paid=100, fee=1, before=0, back_before=0, amount=amount) == back


def test_a_refund_that_brings_nothing_more_back_is_none_that_takes_a_fee_again() -> None:
    assert fee_back(paid=100, fee=1, before=60, back_before=1, amount=40) == 0
    with pytest.raises(InvariantBroken, match=r"^a fee only comes back$"):
        fee_back(paid=100, fee=1, before=10, back_before=1, amount=10)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_moment_outside_the_day_it_is_counted_for_is_a_bug(
    days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the edges: the day after begins with this moment, the day before ends with it."""
    opens_at = rules.business_day(D, zone=SHANGHAI, cutoff_hour=2).opens_at
    moment = opens_at if days < 0 else opens_at - timedelta(microseconds=1)
    monkeypatch.setattr(
        rules, "business_date_of", lambda moment, **_: D if days > 0 else D - timedelta(days=1)
    )
    with pytest.raises(InvariantBroken, match=r"^days follow each other without a gap$"):
        rules.business_day_of(moment, zone=SHANGHAI, cutoff_hour=2)


def test_lines_of_one_kind_are_counted_and_added_up_in_each_amount() -> None:
    lines = [
        line(LineKind.PAYMENT, 1000, 6, 900),
        line(LineKind.REFUND, 400, 2, 300),
        line(LineKind.PAYMENT, 20, 1, 10),
        line(LineKind.PAYMENT, 3, 0, 3),
    ]
    assert rules.sums_of(lines) == {
        LineKind.PAYMENT: KindSums(3, 1023, 7, 913),
        LineKind.REFUND: KindSums(1, 400, 2, 300),
    }
    assert rules.sums_of([]) == {}


def test_totals_tell_splits_from_refunds_and_what_came_back_from_what_went() -> None:
    kinds = {
        kind: KindSums(place, 100 * place, place, place) for place, kind in enumerate(LineKind, 1)
    }
    assert rules.totals(kinds) == Totals(
        payment_count=1,
        refund_count=2,
        gross_minor=100,
        refunded_minor=200,
        fee_minor=1 - 2,
        split_minor=300,
        split_back_minor=400,
    )
    assert rules.totals({}) == Totals(0, 0, 0, 0, 0, 0, 0)


def test_pending_is_claimed_by_what_comes_in_and_freed_by_what_goes_out() -> None:
    kinds = {kind: KindSums(1, 10**place, 0, 10**place) for place, kind in enumerate(LineKind)}
    assert rules.pending_claim(kinds, brought_minor=50_000) == 50_000 + 1 - 10 - 100 + 1000
    assert rules.pending_claim({}, brought_minor=-7) == -7
    elsewhere = {
        kind: KindSums(1, 10 * 10**place, 0, 10**place) for place, kind in enumerate(LineKind)
    }
    assert rules.taken_elsewhere(elsewhere) == 90 + 900


def test_totals_add_payments_and_take_refunds_off() -> None:
    lines = [line(LineKind.PAYMENT, 1000, 6, 1000), line(LineKind.REFUND, 400, 2, 400)]
    sums = rules.totals(rules.sums_of(lines))
    assert (sums.payment_count, sums.refund_count) == (1, 1)
    assert (sums.gross_minor, sums.refunded_minor, sums.fee_minor) == (1000, 400, 4)
    assert sums.net_minor == 596


def test_a_refund_from_elsewhere_does_not_claim_pending() -> None:
    lines = [line(LineKind.PAYMENT, 1000, 6, 1000), line(LineKind.REFUND, 400, 2, 100)]
    sums = rules.sums_of(lines)
    assert rules.pending_claim(sums, brought_minor=7) == 907
    assert rules.taken_elsewhere(sums) == 300


@pytest.mark.parametrize(
    ("claim", "fee", "funds", "expected"),
    [
        pytest.param(1000, 6, Funds(1000, 0, 0), (1000, 6, 0, 994, 0, 0, 0, 0), id="plain"),
        pytest.param(
            1000, 6, Funds(700, 0, 0), (700, 6, 0, 694, 0, 0, 0, 300), id="carried forward"
        ),
        pytest.param(
            1000, 6, Funds(1000, 0, 100), (1000, 6, 0, 894, 0, 0, 100, 0), id="repays first"
        ),
        pytest.param(
            1000, 6, Funds(1000, 0, 5000), (1000, 6, 0, 0, 0, 0, 994, 0), id="repays with all"
        ),
        pytest.param(0, -3, Funds(0, 0, 0), (0, 0, 3, 3, 0, 0, 0, 0), id="a fee comes back"),
        pytest.param(
            2, 5, Funds(2, 2, 0), (2, 5, 0, 0, 2, 1, 0, 0), id="short: payable, then owed"
        ),
        pytest.param(0, 0, Funds(50, 0, 0), (0, 0, 0, 0, 0, 0, 0, 0), id="nothing claimed"),
        pytest.param(-5, 0, Funds(50, 0, 0), (0, 0, 0, 0, 0, 0, 0, -5), id="owed to pending"),
    ],
)
def test_what_a_batch_moves(claim: int, fee: int, funds: Funds, expected: tuple[int, ...]) -> None:
    move = rules.movement(claim_minor=claim, fee_minor=fee, funds=funds)
    assert (
        move.pending_minor,
        move.fee_minor,
        move.fee_back_minor,
        move.payable_minor,
        move.payable_debit_minor,
        move.receivable_debit_minor,
        move.receivable_minor,
        move.carried_minor,
    ) == expected


@pytest.mark.parametrize(
    ("payable", "state"),
    [
        (0, BatchState.PAID),
        (1, BatchState.CALCULATED),
        (1000, BatchState.CALCULATED),
        (1001, BatchState.AWAITING_APPROVAL),
    ],
)
def test_where_a_calculated_batch_goes(payable: int, state: BatchState) -> None:
    assert rules.after_calculation(payable_minor=payable, limit_minor=1000) is state


def test_states_follow_the_table() -> None:
    assert rules.check_transition("OPEN", BatchState.CUT_OFF) is BatchState.CUT_OFF
    with pytest.raises(rules.BatchStateForbids) as refused:
        rules.check_transition("OPEN", BatchState.PAID)
    assert refused.value.fields == {"state": "OPEN", "wanted": "PAID"}


def test_a_day_to_come_cannot_be_closed() -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    rules.check_begun(opens_at=noon, now=noon + timedelta(seconds=1))
    with pytest.raises(rules.DayNotBegun) as early:
        rules.check_begun(opens_at=noon, now=noon)
    assert early.value.fields == {"opens_at": noon.isoformat()}
