"""The execution plan: told a day before, taken by itself, tried again, suspended at last."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.kernel import clock
from config.kernel.outbox.models import OutboxEvent
from tests.factories.accounts import PIN, available_minor, fund, make_user
from tests.factories.agreements import debit, let_pass, make_agreement, make_offer, stored
from tests.factories.clock import later
from tests.factories.payments import Shop
from wallet.accounts.models import WalletUser
from wallet.agreements import rules
from wallet.agreements.models import Deduction
from wallet.agreements.usecases.plan_debits import set_plan
from wallet.agreements.usecases.postpone_debit import postpone_debit
from wallet.agreements.usecases.suspend_agreement import resume_agreement
from wallet.agreements.usecases.unsign_agreement import unsign_agreement
from wallet.agreements.values import AgreementView, Party, PeriodType, Terms
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.payments.models import Payment
from wallet.payments.rules import business_date
from wallet.payments.values import ZONE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday_at_eight() -> None:
    """Each test begins at the same hour of the same day, whatever the wall clock says."""
    stand_at(2027, 1, 4)


def in_days(days: int) -> date:
    """A day from today where the payee trades."""
    return business_date(clock.now(), ZONE) + timedelta(days=days)


def weekly(payer: WalletUser | None = None, *, first_in: int = 3, **terms: int) -> AgreementView:
    """An agreement of 10.00 a week by plan, the first debit some days from now."""
    agreed = Terms(
        period_type=PeriodType.DAY,
        period=7,
        first_on=in_days(first_in),
        single_minor=10_00,
        **terms,  # type: ignore[arg-type]
    )
    agreement = make_agreement(Shop(), payer, agreed)
    set_plan(agreement_id=agreement.id, amount_minor=10_00, description="gym")
    return agreement


def stand_at(year: int, month: int, day: int, hour: int = 8) -> None:
    """Let the clock run to a moment in the payee's zone, nothing being done on the way."""
    moment = datetime(year, month, day, hour, tzinfo=ZoneInfo(ZONE))
    later(seconds=(moment - clock.now()).total_seconds())


def paid_days() -> list[str]:
    """The days on which plans have taken money, oldest first."""
    paid = Payment.objects.exclude(paid_at=None).order_by("paid_at")
    return [f"{payment.business_date}" for payment in paid]


def test_the_payer_is_told_a_day_before_and_debited_then() -> None:
    payer = make_user(balance_minor=100_00)
    weekly(payer)
    let_pass(days=2, hours=2)
    told = OutboxEvent.objects.get(topic="agreement.debit_announced")
    due_at = datetime.fromisoformat(told.payload["due_at"])
    assert due_at.astimezone(ZoneInfo(ZONE)).time() == rules.EXECUTED_AT
    assert due_at - clock.now() >= rules.NOTICE - timedelta(minutes=1)
    assert available_minor(payer) == 100_00
    let_pass(days=1)
    assert available_minor(payer) == 90_00
    assert Payment.objects.get().description == "gym"


def test_it_goes_on_each_period() -> None:
    payer = make_user(balance_minor=100_00)
    agreement = weekly(payer)
    let_pass(days=18)
    assert (available_minor(payer), stored(agreement).debits) == (70_00, 3)
    assert paid_days() == [str(in_days(days)) for days in (3 - 18, 10 - 18, 17 - 18)]
    assert verify_ledger().passed


def test_it_stops_where_the_caps_end() -> None:
    payer = make_user(balance_minor=100_00)
    weekly(payer, total_payments=2)
    let_pass(days=40)
    assert available_minor(payer) == 80_00
    assert not OutboxEvent.objects.filter(topic="agreement.debit_failed").exists()


def test_a_debit_without_money_is_tried_on_the_first_third_and_seventh_day() -> None:
    agreement = weekly(make_user(), first_in=2)
    let_pass(days=1, hours=3)
    tried = []
    for _ in range(9):
        let_pass(days=1)
        tried.append(Deduction.objects.get().attempts)
    assert tried == [1, 2, 2, 3, 3, 3, 3, 4, 4]
    deduction = Deduction.objects.get()
    assert (deduction.status, deduction.failure) == ("FAILED", "insufficient_funds")
    assert stored(agreement).status == "SUSPENDED"
    assert OutboxEvent.objects.filter(topic="agreement.debit_failed").count() == 1


def test_money_in_time_ends_the_trying() -> None:
    payer = make_user()
    agreement = weekly(payer, first_in=2)
    let_pass(days=4, hours=3)
    fund(payer, 50_00)
    let_pass(days=2)
    assert (available_minor(payer), stored(agreement).status) == (40_00, "NORMAL")
    assert Deduction.objects.filter(status="SUCCEEDED").get().attempts == 3


def test_a_suspended_plan_goes_on_once_the_payer_resumes_it() -> None:
    payer = make_user()
    agreement = weekly(payer, first_in=0)
    let_pass(days=20)
    fund(payer, 50_00)
    let_pass(days=20)
    assert available_minor(payer) == 50_00
    resume_agreement(agreement_id=agreement.id, payer_id=payer.id, pin=PIN)
    let_pass(hours=23)
    assert available_minor(payer) == 50_00
    let_pass(hours=2)
    assert available_minor(payer) == 40_00


def test_executions_missed_while_the_worker_was_down_are_made_once_with_full_notice() -> None:
    payer = make_user(balance_minor=100_00)
    agreement = weekly(payer)
    later(days=25)
    let_pass(hours=23)
    assert available_minor(payer) == 100_00
    let_pass(hours=2)
    assert (available_minor(payer), stored(agreement).debits) == (90_00, 1)
    assert stored(agreement).next_on == in_days(0) + timedelta(days=5)


def test_a_debit_of_the_payees_own_takes_the_plans_place() -> None:
    payer = make_user(balance_minor=100_00)
    agreement = weekly(payer, first_in=0)
    let_pass(hours=1)
    debit(agreement, 10_00)
    let_pass(days=5)
    assert available_minor(payer) == 90_00
    assert Deduction.objects.filter(status="CANCELLED").count() == 1


def test_a_postponed_debit_is_announced_anew() -> None:
    payer = make_user(balance_minor=100_00)
    agreement = weekly(payer)
    let_pass(days=2, hours=20)
    postpone_debit(agreement_id=agreement.id, to=in_days(5), actor="merchant")
    let_pass(days=4)
    assert available_minor(payer) == 100_00
    let_pass(days=2)
    assert available_minor(payer) == 90_00
    assert OutboxEvent.objects.filter(topic="agreement.debit_announced").count() >= 1


def test_unsigning_stops_the_plan() -> None:
    payer = make_user(balance_minor=100_00)
    agreement = weekly(payer)
    let_pass(days=2, hours=20)
    unsign_agreement(agreement_id=agreement.id, by=Party.PAYER, actor="t")
    let_pass(days=20)
    assert available_minor(payer) == 100_00


@pytest.mark.parametrize(
    ("first_on", "period", "expected"),
    [
        (date(2027, 1, 28), 1, ["2027-01-28", "2027-02-28", "2027-03-28"]),
        (date(2028, 1, 28), 1, ["2028-01-28", "2028-02-28", "2028-03-28"]),
        (date(2027, 11, 15), 1, ["2027-11-15", "2027-12-15", "2028-01-15"]),
        (date(2027, 12, 1), 3, ["2027-12-01", "2028-03-01", "2028-06-01"]),
    ],
)
def test_months_end_years_turn_and_february_leaps(
    first_on: date, period: int, expected: list[str]
) -> None:
    stand_at(first_on.year, first_on.month, first_on.day, 0)
    terms = Terms(period_type=PeriodType.MONTH, period=period, first_on=first_on, single_minor=1_00)
    agreement = make_agreement(Shop(), make_user(balance_minor=100_00), terms)
    set_plan(agreement_id=agreement.id, amount_minor=1_00)
    let_pass(days=period * 31 * 2 + 10)
    # The first is a day late: the agreement was signed on its day, and notice is a day.
    assert paid_days()[1:3] == expected[1:]


def test_a_leap_day_lies_between_two_fortnights() -> None:
    stand_at(2028, 2, 20)
    terms = Terms(
        period_type=PeriodType.DAY, period=14, first_on=date(2028, 2, 22), single_minor=1_00
    )
    agreement = make_agreement(Shop(), make_user(balance_minor=100_00), terms)
    set_plan(agreement_id=agreement.id, amount_minor=1_00)
    let_pass(days=20)
    assert paid_days() == ["2028-02-22", "2028-03-07"]


def test_a_plan_needs_a_period_and_stays_below_the_cap() -> None:
    with pytest.raises(rules.NoPeriod):
        set_plan(agreement_id=make_offer(Shop()).id, amount_minor=1_00)
    agreement = weekly()
    with pytest.raises(rules.SingleExceeded):
        set_plan(agreement_id=agreement.id, amount_minor=10_01)
    same = set_plan(agreement_id=agreement.id, amount_minor=10_00, description="gym")
    assert not same.changed


def test_a_plan_can_be_stopped() -> None:
    payer = make_user(balance_minor=100_00)
    agreement = weekly(payer)
    set_plan(agreement_id=agreement.id, amount_minor=None)
    let_pass(days=10)
    assert available_minor(payer) == 100_00
