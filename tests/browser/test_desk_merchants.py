"""The daily job of the desk for merchants, in the browser."""

from collections.abc import Callable

import pytest

from config.kernel.outbox import relay
from merchants.certificates.usecases.ensure_gateway_certificate import ensure_gateway_certificate
from merchants.exposure.tasks import SET_CEILING
from merchants.faces.models import FaceTerminal
from merchants.notifications.models import Notification
from merchants.onboarding.models import Merchant
from merchants.onboarding.tasks import APPROVE_MERCHANT
from tests.browser.desk import REASON, Desk
from tests.factories.merchants import (
    credentials,
    make_app,
    make_gateway_key,
    make_merchant,
    make_paid_trade,
    make_store,
)

pytestmark = pytest.mark.slow
Desks = Callable[[str], Desk]


def applicant() -> Merchant:
    """A shop that asks to be taken, and says where its money is to go."""
    return make_merchant(
        approved=False, name="Lane Noodles", short_name="LANE NOODLES", payout_bank="ICBC",
        payout_account="6222020200012300", payout_holder="Chen Xiaolong",
    )  # fmt: skip


def test_a_merchant_is_taken_by_two_who_see_who_is_paid(desk_of: Desks) -> None:
    merchant = applicant()
    desk = desk_of("merchant_ops")
    desk.has_no_area("Wallets", "Ledger", "Risk", "Health", "Settlement")
    desk.menu("Merchants", "Merchants")
    desk.filtered("SUBMITTED")
    desk.row("Lane Noodles", name="merchant")
    desk.sees("Chen Xiaolong")
    desk.step("Ask for approval", "Ask for approval", reason=REASON)
    desk.sees("Chen Xiaolong", "ICBC")
    desk.offers_none("Approve", "Reject")
    checker = desk_of("merchant_approver")
    assert checker.vote(APPROVE_MERCHANT, "Chen Xiaolong", "Lane Noodles") == "EXECUTED"
    merchant.refresh_from_db()
    assert merchant.state == "APPROVED"

    desk.command(merchant.merchant_number, "Lane Noodles")
    desk.step("Set the credit ceiling", "Ask for approval", ceiling="500.00", reason=REASON)
    assert checker.vote(SET_CEILING, "500.00") == "EXECUTED"
    desk.command(merchant.merchant_number, "Lane Noodles")
    desk.step("Suspend", "Suspend the merchant", reason=REASON)
    desk.sees("SUSPENDED")
    merchant.refresh_from_db()
    assert (merchant.state, merchant.credit_minor) == ("SUSPENDED", 500_00)
    checker.menu("Merchants", "Merchants")
    checker.row("Lane Noodles", name="merchant")
    checker.offers_none("Ask for approval", "Suspend", "Close for good")


def test_terminals_are_judged_certificates_read_and_notifications_sent_again(
    desk_of: Desks,
) -> None:
    merchant = make_merchant()
    make_gateway_key()
    certificate = ensure_gateway_certificate()
    make_paid_trade(credentials(make_app(merchant, notify_url="http://127.0.0.1:9/")))
    relay.drain()
    terminal = FaceTerminal.objects.create(
        store=make_store(merchant, "F1"), serial="FT-4711", vendor="Dragonfly", public_key="none"
    )
    desk = desk_of("merchant_ops")
    desk.menu("Merchants", "Face terminals")
    desk.row("FT-4711", name="terminal")
    desk.step("Certify…", "Certify")
    desk.sees("FT-4711 is certified.")
    terminal.refresh_from_db()
    assert terminal.state == "CERTIFIED"
    desk.offers_none("Certify…")
    desk.step("Revoke…", "Revoke")
    desk.sees("FT-4711 is revoked.")
    terminal.refresh_from_db()
    assert terminal.state == "REVOKED"
    desk.offers_none("Revoke…")

    desk.menu("Merchants", "Certificates")
    desk.search(certificate.sn)
    desk.row(certificate.sn[:8], name="certificate")
    desk.sees(certificate.sn, "BEGIN CERTIFICATE")
    desk.sees_not("PRIVATE KEY")

    desk.menu("Notifications", "Notifications")
    Notification.objects.update(due_at=None)
    desk.row(name="notification")
    desk.step("Send again", "Send again")
    desk.sees("It is sent again within a second.")
    assert Notification.objects.get().by_hand
