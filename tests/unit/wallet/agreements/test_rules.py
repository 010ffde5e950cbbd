"""Terms, periods, caps and dates of agreements, at their edges."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.agreements import rules
from wallet.agreements.values import AgreementStatus, PeriodType, Terms, Usage

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ZONE = "Asia/Shanghai"
MONTHLY = Terms(
    period_type=PeriodType.MONTH, period=1, first_on=date(2026, 1, 28), single_minor=20_00
)
WEEKLY = Terms(period_type=PeriodType.DAY, period=7, first_on=date(2026, 1, 31), single_minor=5_00)
CAPPED = Terms(single_minor=20_00, total_minor=50_00, total_payments=3)


def changed(terms: Terms, **values: object) -> Terms:
    """Terms with some values replaced."""
    fields = {name: getattr(terms, name) for name in Terms.__dataclass_fields__}
    return Terms(**{**fields, **values})


def usage(debits: int = 0, debited_minor: int = 0, next_on: date | None = None) -> Usage:
    """What has been taken so far."""
    return Usage(debits=debits, debited_minor=debited_minor, next_on=next_on)


@pytest.mark.parametrize("pair", list(product(AgreementStatus, AgreementStatus)), ids=str)
def test_only_the_moves_of_the_table_are_moves(
    pair: tuple[AgreementStatus, AgreementStatus],
) -> None:
    present, target = pair
    if target in rules.MOVES[present]:
        return rules.check_move(present, target)
    ended = present in (AgreementStatus.UNSIGNED, AgreementStatus.EXPIRED)
    with pytest.raises(rules.AgreementEnded if ended else rules.AgreementNotInForce):
        rules.check_move(present, target)
    return None


@pytest.mark.parametrize("terms", [MONTHLY, WEEKLY, CAPPED, Terms()])
def test_sound_terms_may_be_agreed(terms: Terms) -> None:
    rules.check_terms(terms, at=NOW)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (changed(CAPPED, single_minor=0), "single_minor"),
        (changed(CAPPED, total_minor=-1), "total_minor"),
        (changed(CAPPED, total_payments=0), "total_payments"),
        (changed(CAPPED, total_minor=rules.MAXIMUM_MINOR + 1), "total_minor"),
        (changed(CAPPED, valid_until=NOW), "valid_until"),
        (changed(CAPPED, period=1), "period_type"),
        (changed(CAPPED, first_on=date(2026, 3, 2)), "period_type"),
        (changed(MONTHLY, period=None), "period"),
        (changed(MONTHLY, period=0), "period"),
        (changed(MONTHLY, period=121), "period"),
        (changed(WEEKLY, period=6), "period"),
        (changed(WEEKLY, period=3_651), "period"),
        (changed(MONTHLY, first_on=None), "first_on"),
        (changed(MONTHLY, first_on=date(2026, 1, 29)), "first_on"),
        (changed(MONTHLY, single_minor=None), "single_minor"),
    ],
)
def test_unsound_terms_name_what_is_wrong(terms: Terms, field: str) -> None:
    with pytest.raises(rules.TermsInvalid) as refused:
        rules.check_terms(terms, at=NOW)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("terms", "on", "after"),
    [
        (MONTHLY, date(2026, 1, 28), date(2026, 2, 28)),
        (MONTHLY, date(2026, 12, 28), date(2027, 1, 28)),
        (changed(MONTHLY, period=120), date(2026, 12, 28), date(2036, 12, 28)),
        (changed(MONTHLY, period=11), date(2026, 2, 1), date(2027, 1, 1)),
        (WEEKLY, date(2026, 1, 31), date(2026, 2, 7)),
        (changed(WEEKLY, period=30), date(2028, 1, 31), date(2028, 3, 1)),
    ],
)
def test_the_day_one_period_later(terms: Terms, on: date, after: date) -> None:
    assert rules.following(terms, on) == after


def test_terms_without_a_period_have_no_next_day() -> None:
    with pytest.raises(rules.NoPeriod):
        rules.following(CAPPED, date(2026, 1, 1))


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 1, 28), date(2026, 1, 28)),
        (date(2026, 2, 27), date(2026, 1, 28)),
        (date(2026, 2, 28), date(2026, 2, 28)),
        (date(2026, 6, 1), date(2026, 5, 28)),
    ],
)
def test_a_debit_belongs_to_the_latest_period_that_has_come(today: date, due: date) -> None:
    found = rules.check_debit(
        MONTHLY, usage(next_on=date(2026, 1, 28)), amount_minor=1, today=today
    )
    assert found == due


def test_a_debit_is_never_early() -> None:
    with pytest.raises(rules.DateNotMatched) as refused:
        rules.due_day(MONTHLY, date(2026, 1, 28), today=date(2026, 1, 27))
    assert refused.value.fields["next_on"] == "2026-01-28"


@given(st.dates(date(2026, 1, 1), date(2026, 12, 28)), st.integers(0, 2_000), st.booleans())
def test_a_due_day_has_come_and_the_next_has_not(first: date, later: int, weekly: bool) -> None:
    first = first.replace(day=min(first.day, rules.LAST_DAY))
    terms = WEEKLY if weekly else MONTHLY
    today = first + timedelta(days=later)
    due = rules.due_day(terms, first, today=today)
    assert first <= due <= today < rules.following(terms, due)


def test_terms_without_a_period_may_be_debited_on_any_day() -> None:
    assert rules.check_debit(CAPPED, usage(), amount_minor=1, today=date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("taken", "amount_minor", "refusal"),
    [
        (usage(), 20_00, None),
        (usage(), 20_01, rules.SingleExceeded),
        (usage(2, 30_00), 20_00, None),
        (usage(2, 30_01), 20_00, rules.TotalExceeded),
        (usage(3, 3), 1, rules.PaymentsExceeded),
    ],
)
def test_caps_hold_to_the_fen(
    taken: Usage, amount_minor: int, refusal: type[Exception] | None
) -> None:
    if refusal is None:
        return rules.check_caps(CAPPED, taken, amount_minor=amount_minor)
    with pytest.raises(refusal):
        rules.check_caps(CAPPED, taken, amount_minor=amount_minor)
    return None


@pytest.mark.parametrize("status", AgreementStatus)
def test_debits_are_taken_in_force_only(status: AgreementStatus) -> None:
    if status is AgreementStatus.NORMAL:
        return rules.check_status(status)
    ended = status in (AgreementStatus.UNSIGNED, AgreementStatus.EXPIRED)
    with pytest.raises(rules.AgreementEnded if ended else rules.AgreementNotInForce):
        rules.check_status(status)
    return None


@pytest.mark.parametrize(
    ("terms", "to", "last", "moves"),
    [
        (MONTHLY, date(2026, 2, 28), None, False),
        (MONTHLY, date(2026, 3, 1), None, True),
        (MONTHLY, date(2026, 3, 28), date(2026, 3, 28), True),
        (WEEKLY, date(2026, 3, 31), None, True),
    ],
)
def test_the_next_debit_may_move_to_a_later_day(
    terms: Terms, to: date, last: date | None, moves: bool
) -> None:
    assert rules.check_postpone(terms, date(2026, 2, 28), to=to, last=last) is moves


@pytest.mark.parametrize(
    ("to", "last"),
    [
        (date(2026, 2, 27), None),
        (date(2026, 3, 29), None),
        (date(2026, 3, 2), date(2026, 3, 1)),
    ],
)
def test_the_next_debit_may_not_move_there(to: date, last: date | None) -> None:
    with pytest.raises(rules.PostponeInvalid):
        rules.check_postpone(MONTHLY, date(2026, 2, 28), to=to, last=last)


def test_where_no_debit_is_planned_none_can_be_moved() -> None:
    with pytest.raises(rules.NoPeriod):
        rules.check_postpone(CAPPED, None, to=date(2026, 3, 1), last=None)


def test_the_payer_hears_a_day_before_and_the_debit_is_at_ten_in_the_payees_zone() -> None:
    due = rules.execution_at(date(2026, 3, 1), ZONE)
    assert due == datetime(2026, 3, 1, 2, tzinfo=UTC)
    assert due - rules.notice_at(date(2026, 3, 1), ZONE) == timedelta(hours=25)


def test_a_failed_debit_is_tried_three_times_more() -> None:
    tries = [rules.retry_at(NOW, attempts) for attempts in (1, 2, 3, 4)]
    assert tries == [NOW + timedelta(days=days) for days in (1, 3, 7)] + [None]


def test_another_word_in_what_is_shown_is_another_challenge() -> None:
    shown = {"number": "1", "payee_name": "奶茶", "external_no": "A", "currency": "CNY"}
    digest = rules.challenge(**shown, terms=MONTHLY)
    others = {rules.challenge(**{**shown, name: "another"}, terms=MONTHLY) for name in shown} | {
        rules.challenge(**shown, terms=changed(MONTHLY, single_minor=20_01))
    }
    assert len(others | {digest}) == 6


def test_offers_that_differ_in_their_end_alone_are_the_same() -> None:
    assert rules.comparable(changed(MONTHLY, valid_until=NOW)) == rules.comparable(MONTHLY)
    assert rules.comparable(changed(MONTHLY, period=2)) != rules.comparable(MONTHLY)


def test_numbers_of_agreements_have_twenty_digits() -> None:
    assert rules.agreement_number(10**15 + 7, on=date(2026, 3, 1)) == "20260301000000000007"
