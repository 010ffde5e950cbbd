"""Debits under agreements: within caps and dates, once an order, without a PIN."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from pytest_django import Settings

from config.kernel import clock
from config.kernel.outbox.models import OutboxEvent
from tests.factories.accounts import available_minor, fund, make_user
from tests.factories.agreements import (
    CAPPED,
    debit,
    let_pass,
    make_agreement,
    make_offer,
    monthly,
    stored,
)
from tests.factories.clock import advance, later
from tests.factories.payments import Shop, make_order
from tests.factories.risk import one_rule, use_rules
from wallet.accounts.models import WalletUser
from wallet.accounts.queries import usage_of
from wallet.agreements import rules
from wallet.agreements.models import Deduction
from wallet.agreements.usecases.postpone_debit import postpone_debit
from wallet.agreements.usecases.unsign_agreement import unsign_agreement
from wallet.agreements.values import DeductionStatus, Party, PeriodType, Terms
from wallet.ledger.queries import trial_balance
from wallet.ledger.rules import InsufficientFunds
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.payments.models import PayerActivity, Payment
from wallet.payments.rules import (
    PayerMismatch,
    PaymentConflict,
    business_date,
)
from wallet.payments.usecases.refund_payment import refund_payment
from wallet.payments.values import ZONE, Method, PaymentStatus, PayResult
from wallet.risk.models import RiskDecision
from wallet.risk.rules import PaymentDeclined

pytestmark = pytest.mark.django_db


def today() -> date:
    """Today where the payee trades."""
    return business_date(clock.now(), ZONE)


def test_a_debit_is_a_payment_without_a_pin() -> None:
    shop, payer = Shop(), make_user(balance_minor=100_00)
    done = debit(make_agreement(shop, payer))
    assert (done.outcome, done.payment.method) == (PayResult.PAID, Method.DEBIT)
    assert (available_minor(payer), shop.balance_minor()) == (94_00, 6_00)
    assert set(trial_balance().values()) == {0}
    assert verify_ledger().passed


def test_it_is_counted_and_kept_with_the_agreement() -> None:
    agreement = make_agreement(Shop())
    paid = debit(agreement).payment
    row = stored(agreement)
    assert (row.debits, row.debited_minor, row.last_debit_at) == (1, 6_00, paid.paid_at)
    deduction = Deduction.objects.get()
    assert (deduction.status, deduction.payment_id) == (DeductionStatus.SUCCEEDED, paid.id)


def test_the_same_order_is_debited_once() -> None:
    payer = make_user(balance_minor=100_00)
    agreement = make_agreement(Shop(), payer)
    first, again = (debit(agreement, reference="EXIT1") for _ in range(2))
    assert (again.outcome, again.payment.id) == (PayResult.REPLAYED, first.payment.id)
    assert available_minor(payer) == 94_00
    with pytest.raises(PaymentConflict):
        debit(agreement, 7_00, reference="EXIT1")


def test_a_repeat_is_answered_after_the_agreement_has_ended() -> None:
    agreement = make_agreement(Shop())
    debit(agreement, reference="EXIT1")
    unsign_agreement(agreement_id=agreement.id, by=Party.PAYER, actor="t")
    assert debit(agreement, reference="EXIT1").outcome is PayResult.REPLAYED


def test_another_payers_order_number_is_refused() -> None:
    shop = Shop()
    debit(make_agreement(shop), reference="EXIT1")
    with pytest.raises(PayerMismatch):
        debit(make_agreement(shop), reference="EXIT1")


def test_an_order_number_of_another_payment_is_refused() -> None:
    shop = Shop()
    make_order(shop, reference="EXIT1", amount_minor=1_00)
    with pytest.raises(PaymentConflict):
        debit(make_agreement(shop), reference="EXIT1")


@pytest.mark.parametrize(
    ("terms", "amounts", "refusal"),
    [
        (Terms(single_minor=20_00), [25_00], rules.SingleExceeded),
        (Terms(total_minor=20_00), [15_00, 5_01], rules.TotalExceeded),
        (Terms(total_payments=2), [1, 1, 1], rules.PaymentsExceeded),
    ],
)
def test_no_cap_is_passed(terms: Terms, amounts: list[int], refusal: type[Exception]) -> None:
    payer = make_user(balance_minor=100_00)
    agreement = make_agreement(Shop(), payer, terms)
    for amount in amounts[:-1]:
        debit(agreement, amount)
    with pytest.raises(refusal):
        debit(agreement, amounts[-1])
    assert available_minor(payer) == 100_00 - sum(amounts[:-1])


def test_a_cap_may_be_reached() -> None:
    agreement = make_agreement(Shop(), terms=Terms(single_minor=20_00, total_minor=20_00))
    assert debit(agreement, 20_00).outcome is PayResult.PAID


def test_a_refund_does_not_give_the_cap_back() -> None:
    agreement = make_agreement(Shop(), terms=Terms(total_minor=10_00))
    paid = debit(agreement, 10_00).payment
    refund_payment(payment_id=paid.id, request_no="R1", amount_minor=10_00)
    with pytest.raises(rules.TotalExceeded):
        debit(agreement, 1)


def test_what_is_not_signed_is_not_debited() -> None:
    with pytest.raises(rules.AgreementNotInForce):
        debit(make_offer(Shop()))


def test_nothing_is_debited_past_the_term_even_before_the_job_comes_by() -> None:
    until = clock.now() + timedelta(hours=1)
    agreement = make_agreement(Shop(), terms=replace(CAPPED, valid_until=until))
    later(hours=2)
    with pytest.raises(rules.AgreementEnded):
        debit(agreement)


def test_too_little_money_counts_nothing_and_can_be_tried_again() -> None:
    payer = make_user(balance_minor=5_00)
    agreement = make_agreement(Shop(), payer)
    with pytest.raises(InsufficientFunds):
        debit(agreement, reference="EXIT1")
    assert (stored(agreement).debits, Payment.objects.count()) == (0, 0)
    fund(payer, 1_00)
    assert debit(agreement, reference="EXIT1").outcome is PayResult.PAID


def test_debits_leave_the_days_limits_of_codes_alone() -> None:
    payer = make_user(balance_minor=100_00)
    debit(make_agreement(Shop(), payer))
    usage = usage_of(payer.id)
    assert (usage.day_no_pin_minor, usage.day_pin_minor) == (0, 0)
    assert PayerActivity.objects.get(payer_id=payer.id).total_minor == 6_00


def test_the_risk_rules_may_decline_and_their_verdict_is_kept(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_rules(settings, monkeypatch, one_rule("REJECT"))
    agreement = make_agreement(Shop())
    with pytest.raises(PaymentDeclined):
        debit(agreement)
    assert RiskDecision.objects.get().decision == "REJECT"
    assert (stored(agreement).debits, Payment.objects.count()) == (0, 0)


def test_a_period_is_debited_once_and_not_before_its_day() -> None:
    if today().day > 28:
        # No month is promised a day after its 28th.
        advance(days=4)
    agreement = make_agreement(Shop(), terms=monthly(first_on=today()))
    debit(agreement)
    with pytest.raises(rules.DateNotMatched):
        debit(agreement)


def test_periods_in_which_nothing_was_taken_do_not_add_up() -> None:
    first = today() - timedelta(days=30)
    terms = Terms(period_type=PeriodType.DAY, period=7, first_on=first, single_minor=9_00)
    agreement = make_agreement(Shop(), terms=terms)
    debit(agreement)
    assert stored(agreement).next_on == first + timedelta(days=35)
    with pytest.raises(rules.DateNotMatched):
        debit(agreement)


def test_a_debit_moves_later_and_never_earlier() -> None:
    first = today() + timedelta(days=10)
    terms = Terms(period_type=PeriodType.DAY, period=7, first_on=first, single_minor=9_00)
    agreement = make_agreement(Shop(), terms=terms)
    later = first + timedelta(days=3)

    def move(to: date) -> bool:
        return postpone_debit(agreement_id=agreement.id, to=to, actor="t").changed

    assert (move(later), move(later)) == (True, False)
    with pytest.raises(rules.PostponeInvalid):
        move(first)
    assert stored(agreement).next_on == later


def test_what_has_no_period_has_no_day_to_move() -> None:
    with pytest.raises(rules.NoPeriod):
        postpone_debit(agreement_id=make_agreement(Shop()).id, to=today(), actor="t")


def test_a_deferred_debit_is_taken_in_the_background() -> None:
    payer = make_user(balance_minor=100_00)
    agreement = make_agreement(Shop(), payer)
    done = debit(agreement, deferred=True)
    assert (done.outcome, available_minor(payer)) == (PayResult.AWAITING_PAYER, 100_00)
    let_pass(seconds=1)
    assert Payment.objects.get().status == PaymentStatus.PAID
    assert (available_minor(payer), stored(agreement).debits) == (94_00, 1)


def test_a_deferred_debit_is_tried_for_a_week_and_then_closed() -> None:
    agreement = make_agreement(Shop(), make_user())
    debit(agreement, deferred=True)
    let_pass(days=6)
    assert Deduction.objects.get().attempts == 3
    let_pass(days=2)
    deduction, payment = Deduction.objects.get(), Payment.objects.get()
    assert (deduction.status, deduction.failure) == ("FAILED", "insufficient_funds")
    assert (deduction.attempts, payment.status) == (4, PaymentStatus.CLOSED)
    assert stored(agreement).status == "NORMAL"


def test_deferred_debits_are_held_to_the_caps_when_they_are_taken() -> None:
    payer = make_user(balance_minor=100_00)
    agreement = make_agreement(Shop(), payer, Terms(total_minor=10_00))
    for _ in range(3):
        debit(agreement, 5_00, deferred=True)
    let_pass(seconds=1)
    assert (available_minor(payer), stored(agreement).debited_minor) == (90_00, 10_00)
    assert Deduction.objects.filter(failure="total_limit_exceeded").count() == 1


def test_unsigning_lets_go_of_what_is_still_to_be_debited() -> None:
    payer: WalletUser = make_user()
    agreement = make_agreement(Shop(), payer)
    debit(agreement, deferred=True)
    unsign_agreement(agreement_id=agreement.id, by=Party.PAYER, actor="t")
    fund(payer, 100_00)
    let_pass(days=2)
    assert Deduction.objects.get().status == DeductionStatus.CANCELLED
    assert Payment.objects.get().status == PaymentStatus.CLOSED
    assert available_minor(payer) == 100_00
    assert not OutboxEvent.objects.filter(topic="payment.paid").exists()
