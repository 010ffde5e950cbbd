"""The daily job of those who move customers' money and of the finance desk, in the browser."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from config.kernel import clock
from config.kernel.approvals import thresholds
from merchants.onboarding.models import Merchant
from merchants.payouts.models import Payout
from merchants.reconciliation.models import Break
from merchants.settlement.models import SettlementBatch
from merchants.terms.models import PayoutHold
from tests.browser.desk import REASON, Desk
from tests.factories import settlement_cases as settled
from tests.factories.accounts import PIN, make_user
from tests.factories.merchants import credentials, make_app, make_merchant, make_paid_trade
from tests.factories.payments import Shop, make_order
from wallet.accounts.models import BankInstruction, Withdrawal
from wallet.accounts.usecases.request_withdrawal import request_withdrawal
from wallet.payments.models import Payment

pytestmark = pytest.mark.slow
Desks = Callable[[str], Desk]


def withdrawal_of(amount_minor: int) -> Withdrawal:
    """Money that a customer wants at the bank; of a sum with 95 fen the bank says nothing."""
    customer = make_user(name="Zhao Min", balance_minor=amount_minor)
    order, _ = request_withdrawal(user_id=customer.id, key="w", amount_minor=amount_minor, pin=PIN)
    told = BankInstruction.objects.filter(subject_id=order.id)
    told.update(sent_at=clock.now() - timedelta(hours=2))
    return order


def test_payments_gives_money_back_by_two_and_closes_what_nobody_paid(desk_of: Desks) -> None:
    seller = credentials(make_app(make_merchant()))
    paid = Payment.objects.get(id=make_paid_trade(seller, amount_minor=12_00).id)
    order = Payment.objects.get(id=make_order(Shop(), amount_minor=7_00).id)
    desk = desk_of("payments_ops")
    desk.has_no_area("Health", "Risk")
    desk.command(paid.number, paid.number)
    desk.offers_none("Close the payment")
    desk.step("Ask for a refund", "Ask for approval", amount="5.00", reason=REASON)
    desk.sees("5.00", REASON)
    desk.offers_none("Approve", "Reject")
    assert desk_of("finance_approver").vote("payments.refund", "5.00", REASON) == "EXECUTED"
    paid.refresh_from_db()
    assert paid.refunded_minor == 5_00
    desk.menu("Payments", "Refunds")
    desk.row("5.00", name="refund")

    desk.menu("Payments", "Payments")
    desk.filtered("PENDING")
    desk.row("7.00", name="order")
    desk.offers_none("Ask for a refund")
    desk.step("Close the payment", "Close the payment", reason=REASON)
    desk.sees("The payment is closed.", "CLOSED")
    order.refresh_from_db()
    assert order.status == "CLOSED"
    desk.offers_none("Close the payment")


def test_payments_works_the_queue_of_the_bank(desk_of: Desks) -> None:
    silent, large = withdrawal_of(100_95), withdrawal_of(52_000_00)
    desk = desk_of("payments_ops")
    desk.menu("Wallets", "Withdrawals")
    desk.filtered("Silent for an hour")
    assert desk.rows() == 1
    desk.row("100.95", name="silent")
    desk.dialog("Ask the bank", "Ask")
    desk.sees("The bank does not know yet")
    desk.press("Ask to end it by hand")
    desk.sees("credit user available")
    desk.look("foretold")
    desk.send("Ask for approval", result="FAILED", bank_reference="letter 17", reason=REASON)

    desk.menu("Wallets", "Withdrawals")
    desk.filtered("REVIEW")
    desk.row("52,000.00", name="large")
    desk.dialog("Ask to approve", "Ask")
    desk.sees("Asked for approval")

    checker = desk_of("finance_approver")
    assert checker.vote("accounts.force_end", "letter 17", "100.95") == "EXECUTED"
    assert checker.vote("accounts.approve_withdrawal", "52,000.00") == "EXECUTED"
    silent.refresh_from_db()
    large.refresh_from_db()
    assert (silent.state, large.state) == ("RETURNED", "SUBMITTED")
    desk.menu("Wallets", "Withdrawals")
    desk.filtered("RETURNED")
    desk.row("100.95", name="ended")
    desk.offers_none("Ask the bank", "Ask to end it by hand", "Ask to approve")


def test_finance_releases_pays_again_and_closes_a_break(desk_of: Desks) -> None:
    broken = Break.objects.get(id=str(settled.recalled_money().parameters["break_id"]))
    returned = Payout.objects.get(id=str(settled.returned_payout().parameters["payout_id"]))
    waiting = SettlementBatch.objects.get(id=str(settled.waiting_batch().parameters["batch_id"]))
    desk = desk_of("finance_ops")
    desk.has_no_area("Health", "Risk", "Wallets")
    desk.menu("Settlement", "Batches")
    with desk.page.expect_download() as download:
        desk.press("Export as CSV")
    assert download.value.suggested_filename.endswith(".csv")
    desk.filtered("AWAITING")
    desk.row("100.00", name="batch")
    desk.step("Ask for release", "Ask for approval", reason=REASON)
    desk.offers_none("Approve", "Reject")
    desk.menu("Settlement", "Payouts")
    desk.filtered("RETURNED")
    desk.row(name="payout")
    desk.step("Ask for another try", "Ask for approval", reason=REASON)
    desk.menu("Settlement", "Breaks")
    desk.row(broken.reference, name="break")
    desk.step("Ask to put it in suspense", "Ask for approval", reason=REASON)

    checker = desk_of("finance_approver")
    assert checker.vote("settlement.release", "99.40") == "EXECUTED"
    assert checker.vote("payouts.retry", REASON) == "EXECUTED"
    assert checker.vote("reconciliation.close", broken.reference) == "EXECUTED"
    for row in (waiting, broken):
        row.refresh_from_db()
    assert waiting.state != "AWAITING_APPROVAL"
    assert Payout.objects.filter(batch=returned.batch, attempt=returned.attempt + 1).exists()
    assert broken.state == "RESOLVED"


def test_finance_holds_payouts_and_sets_a_fee_and_a_threshold(desk_of: Desks) -> None:
    other, merchant = Merchant.objects.get(), make_merchant()
    desk = desk_of("finance_ops")
    desk.menu("Settlement", "Payout holds")
    desk.step("Hold a merchant's payouts", "Hold", merchant=merchant.merchant_number, reason=REASON)
    desk.sees("The payouts are on hold.")
    desk.row(REASON, name="hold")
    desk.offers_none("Ask for release")
    desk.step("Ask to lift the hold", "Ask for approval", reason=REASON)
    desk.menu("Settlement", "Fees by method")
    later = (clock.today() + timedelta(days=90)).isoformat()
    desk.step(
        "Ask for a change", "Ask for approval", merchant=other.merchant_number, method="CODE",
        valid_from=later, fee_bps="38", reason=REASON,
    )  # fmt: skip
    desk.sees("38 bp")
    desk.menu("Control", "Thresholds")
    desk.step("Ask for another value", "Ask for approval", value="500000", reason=REASON)
    desk.offers_none("Approve", "Reject")

    checker = desk_of("finance_approver")
    assert checker.vote("settlement.lift_hold", merchant.name) == "EXECUTED"
    assert checker.vote("settlement.set_fee", other.name, "38 bp") == "EXECUTED"
    assert checker.vote("thresholds.change", verdict="Reject") == "REJECTED"
    assert PayoutHold.objects.get().lifted_at is not None
    assert 500_000 not in {thresholds.value_of(entry.name) for entry in thresholds.thresholds()}
    checker.menu("Settlement", "Payout holds")
    checker.offers_none("Hold a merchant's payouts")
