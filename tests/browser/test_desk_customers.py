"""The daily job of those who help customers and of the risk desk, in the browser."""

import contextlib
from collections.abc import Callable

import pytest

from config.kernel.audit.models import AuditEvent
from config.kernel.outbox import relay
from merchants.acceptance.usecases.pay import pay_by_code
from merchants.notifications.models import Notification
from merchants.onboarding.models import Merchant
from merchants.terms.models import PayoutHold
from tests.browser.desk import REASON, Desk
from tests.factories.accounts import client_of, make_user
from tests.factories.merchants import credentials, make_app, make_merchant, make_sale
from tests.factories.payments import fresh_code, make_phone
from wallet.accounts.models import CustomerNote, Device, WalletUser
from wallet.accounts.usecases.check_pin import PinLocked, PinWrong, check_pin
from wallet.risk.models import ListEntry, RiskCase

pytestmark = pytest.mark.slow
Desks = Callable[[str], Desk]


def customer_in_need() -> WalletUser:
    """Somebody who has paid for breakfast, lost a phone and forgotten the PIN."""
    user = make_user(name="Zhao Min", phone="13700000001", balance_minor=100_00)
    make_phone(user)
    client_of(user)
    seller = credentials(make_app(make_merchant(), notify_url="http://127.0.0.1:9/"))
    pay_by_code(sale=make_sale(seller, 12_00), code=fresh_code(user))
    relay.drain()
    for _ in range(5):
        with contextlib.suppress(PinWrong, PinLocked):
            check_pin(user_id=user.id, pin="000000")
    return user


def done_by(operator: str) -> set[str]:
    """What the audit log has of an operator."""
    rows = AuditEvent.objects.filter(actor=f"operator:{operator}")
    return set(rows.values_list("action", flat=True))


def test_support_finds_a_customer_and_helps(desk_of: Desks) -> None:
    customer = customer_in_need()
    desk = desk_of("support")
    desk.has_no_area("Ledger", "Risk", "Health")
    desk.command(customer.user_number, customer.user_number)
    desk.sees("Zhao Min", "+86137****0001", "88.00 CNY")
    desk.offers_none("Freeze", "Ask to unfreeze", "Suspend verification")

    desk.dialog("Unlock the PIN", "Unlock")
    desk.sees("The PIN is unlocked.")
    customer.refresh_from_db()
    assert (customer.pin_strikes, customer.pin_locked_until) == (0, None)
    desk.offers_none("Unlock the PIN")

    desk.dialog("Write a note", "Write", reason="phone lost in a taxi, rang at noon")
    desk.sees("The note is written.")
    note = CustomerNote.objects.get(user=customer)
    assert (note.author, note.text) == ("support", "phone lost in a taxi, rang at noon")
    desk.tab("Notes")
    desk.sees("phone lost in a taxi, rang at noon")
    desk.tab("Sessions")

    desk.tab("Devices")
    desk.follow("phone")
    desk.dialog("Revoke", "Revoke")
    desk.sees("The device is revoked.")
    assert Device.objects.get(user=customer).revoked_at is not None
    desk.offers_none("Revoke")
    assert {"accounts.unlock_pin", "accounts.note", "accounts.revoke_device"} <= done_by("support")


def test_support_follows_a_customer_s_payment_and_tells_the_shop_again(desk_of: Desks) -> None:
    customer_in_need()
    desk = desk_of("support")
    desk.menu("Wallets", "Users")
    desk.search("Zhao Min")
    desk.row("Zhao Min", name="customer")
    desk.follow("payments")
    desk.row("12.00", name="payment")
    desk.sees("PAID", "12.00")
    desk.offers_none("Ask for a refund", "Close the payment")
    desk.follow("All its steps")
    desk.sees("12.00")

    desk.menu("Notifications", "Notifications")
    desk.row(name="notification")
    Notification.objects.update(due_at=None)
    desk.step("Send again", "Send again")
    desk.sees("It is sent again within a second.")
    assert Notification.objects.get().by_hand
    assert "notification.resent" in done_by("support")


def case_of(payer: WalletUser, payee: Merchant) -> RiskCase:
    """A case between a customer and a shop."""
    return RiskCase.objects.create(
        pattern="fan-in",
        payer_id=payer.id,
        payee_id=payee.id,
        summary="Twelve payments in an hour to one shop",
    )


def test_risk_works_a_case_and_two_let_go_what_it_held(desk_of: Desks) -> None:
    customer = make_user(name="Zhao Min", phone="13700000001", balance_minor=100_00)
    case = case_of(customer, Merchant.objects.get())
    desk = desk_of("risk_analyst")
    desk.has_no_area("Health", "Ledger", "Merchants")
    desk.menu("Risk", "Cases")
    desk.filtered("To do")
    desk.row("Twelve payments", name="case")
    desk.step("Take", "Take this case")
    desk.sees("Take this case: done.")
    desk.step("Hold payouts", "Hold the payee's payouts")
    desk.sees("Hold the payee's payouts: done.")
    desk.step("List", "Put on a list", listed="payer", kind="block", reason=REASON)
    desk.sees("Put on a list: done.")
    desk.step("Freeze payer", "Freeze the payer", reason=REASON)
    desk.sees("Freeze the payer: done.")
    desk.step("Resolve", "Resolve this case", outcome="FALSE_POSITIVE", reason=REASON)
    desk.sees("Resolve this case: done.")
    case.refresh_from_db()
    customer.refresh_from_db()
    hold = PayoutHold.objects.get(case_id=case.id)
    assert (case.assignee, case.outcome, customer.state, hold.lifted_at) == (
        "risk_analyst", "FALSE_POSITIVE", "FROZEN", None,
    )  # fmt: skip

    desk.command(customer.user_number, customer.user_number)
    desk.offers_none("Unlock the PIN", "Write a note", "Freeze")
    desk.dialog("Ask to unfreeze", "Ask")
    desk.sees("Asked for approval")
    desk.menu("Settlement", "Payout holds")
    desk.row(name="hold")
    desk.offers_none("Ask to lift the hold")
    desk.step("Ask for release", "Ask for approval", reason=REASON)
    desk.menu("Risk", "Lists")
    desk.row(name="entry")
    desk.step("Ask for removal", "Ask for approval", reason=REASON)
    desk.offers_none("Approve", "Reject")

    checker = desk_of("risk_approver")
    says = ("Zhao Min", "FROZEN → ACTIVE", REASON)
    assert checker.vote("accounts.unfreeze", *says) == "EXECUTED"
    assert checker.vote("risk.release_payouts", REASON) == "EXECUTED"
    assert checker.vote("risk.unlist", "Zhao Min", verdict="Reject") == "REJECTED"
    customer.refresh_from_db()
    hold.refresh_from_db()
    assert (customer.state, hold.lifted_at is None) == ("ACTIVE", False)
    assert ListEntry.objects.get().removed_at is None
    checker.menu("Wallets", "Users")
    checker.row("Zhao Min", name="customer")
    checker.offers_none("Freeze", "Ask to unfreeze", "Unlock the PIN")
