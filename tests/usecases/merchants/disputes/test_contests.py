"""A bill that is contested is owed by nobody until it is decided, and moves no money."""

from datetime import timedelta

import pytest

from config.kernel import clock, timetable
from config.kernel.errors import SaomaError
from merchants.disputes import rules
from merchants.disputes.models import Dispute
from merchants.disputes.usecases.answer_dispute import (
    appeal_dispute,
    cancel_dispute,
    challenge_dispute,
    decide_dispute,
)
from tests.factories.accounts import PIN, available_minor, make_user
from tests.factories.clock import advance
from tests.factories.disputes import dispute_payment, make_bill
from wallet.accounts.models import WalletUser
from wallet.ledger.models import Journal
from wallet.payments.models import Payment
from wallet.payments.usecases.confirm_payment import confirm_payment
from wallet.payments.values import PaymentStatus, PaymentView

pytestmark = pytest.mark.django_db


@pytest.fixture
def payer() -> WalletUser:
    return make_user(balance_minor=100_00)


def pay(bill: PaymentView, payer: WalletUser) -> str:
    try:
        return confirm_payment(payment_id=bill.id, payer_id=payer.id, pin=PIN).payment.status
    except SaomaError as refusal:
        return refusal.code


def decided(bill: PaymentView, payer: WalletUser, *, for_buyer: bool) -> Dispute:
    row = dispute_payment(bill.id, payer.id)
    challenge_dispute(dispute_id=row.id, finding="seen twice", actor="user:office")
    return decide_dispute(
        dispute_id=row.id, for_buyer=for_buyer, finding="looked at", actor="operator:a, operator:b"
    )


def test_a_contested_bill_cannot_be_paid_and_does_not_run_out(payer: WalletUser) -> None:
    bill, journals = make_bill(payer), Journal.objects.count()
    row = dispute_payment(bill.id, payer.id)
    assert pay(bill, payer) == "payment_contested"
    advance(minutes=90)
    timetable.run_due(clock.now())
    assert pay(bill, payer) == "payment_contested"
    cancel_dispute(dispute_id=row.id, actor=f"user:{payer.id}")
    cancel_dispute(dispute_id=row.id, actor=f"user:{payer.id}")
    assert Payment.objects.get().expires_at >= bill.expires_at + timedelta(minutes=90)
    assert Journal.objects.count() == journals
    assert (pay(bill, payer), available_minor(payer)) == (PaymentStatus.PAID, 10_00)


def test_decided_for_the_payer_it_is_closed(payer: WalletUser) -> None:
    bill = make_bill(payer)
    assert decided(bill, payer, for_buyer=True).state == "LOST"
    assert (pay(bill, payer), available_minor(payer)) == ("payment_closed", 100_00)


def test_upheld_it_is_paid_once_and_the_decision_is_final(payer: WalletUser) -> None:
    bill = make_bill(payer)
    row = decided(bill, payer, for_buyer=False)
    assert pay(bill, payer) == pay(bill, payer) == PaymentStatus.PAID
    with pytest.raises(rules.DisputeStateForbids):
        appeal_dispute(dispute_id=row.id, actor=f"user:{payer.id}")
    with pytest.raises(rules.DisputeTaken):
        dispute_payment(bill.id, payer.id)
    assert available_minor(payer) == 10_00


def test_the_offices_silence_closes_it(payer: WalletUser) -> None:
    bill = make_bill(payer)
    dispute_payment(bill.id, payer.id)
    advance(hours=48)
    timetable.run_due(clock.now())
    assert Dispute.objects.get().state == "EXPIRED"
    assert Payment.objects.get().status == PaymentStatus.CLOSED


def test_only_its_payer_contests_a_bill_that_is_open_and_the_whole_of_it(
    payer: WalletUser,
) -> None:
    bill = make_bill(payer)
    with pytest.raises(rules.DisputeUnknown):
        dispute_payment(bill.id, make_user().id)
    with pytest.raises(rules.AmountOutOfRange):
        dispute_payment(bill.id, payer.id, 10_00)
    advance(minutes=60)
    with pytest.raises(SaomaError) as late:
        dispute_payment(bill.id, payer.id)
    assert late.value.code == "payment_not_disputable"
    assert not Dispute.objects.exists()
