"""The daily job of those who give out rights, of the auditor and of the teacher."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from config.admin import operator_approvals as operators
from config.admin.roles import ROLES
from config.kernel.access.models import OperatorSession
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.request import request_approval
from config.kernel.audit.models import AuditEvent
from healthcode.decisions.findings import RECORD_FINDING
from tests.browser.desk import REASON, Desk
from tests.factories.accounts import make_user
from tests.factories.approval_cases import CASES
from tests.factories.merchants import credentials, make_app, make_merchant, make_paid_trade
from wallet.accounts.approvals import UNFREEZE
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.payments.models import Payment

pytestmark = pytest.mark.slow
Desks = Callable[[str], Desk]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reads_its_whole_menu(desk_of: Desks, role: str) -> None:
    desk = desk_of(role)
    links = desk.page.locator("#nav-sidebar a[href^='/admin/']")
    menu = sorted({str(link.get_attribute("href")) for link in links.all()})
    assert "/admin/" in menu
    for path in menu:
        desk.open(path)
        desk.look(path.strip("/").replace("/", "-"))


def test_rights_are_given_out_by_two_and_sessions_ended_by_one(desk_of: Desks) -> None:
    desk, checker, support = desk_of("iam_admin"), desk_of("iam_approver"), desk_of("support")
    desk.has_no_area("Payments", "Wallets", "Merchants", "Settlement", "Ledger", "Risk", "Health")
    desk.menu("Access", "Operators")
    desk.press("Ask for a new operator")
    desk.page.get_by_label("auditor").check()
    desk.look("new operator")
    desk.send("Ask for approval", username="nina", first_name="Nina", reason=REASON)
    desk.sees("Asked. Another operator has 24 hours to decide.")
    assert checker.vote(operators.CREATE, "nina", "auditor") == "EXECUTED"
    nina = User.objects.get(username="nina")
    assert (nina.is_staff, list(nina.groups.values_list("name", flat=True))) == (True, ["auditor"])
    desk.menu("Access", "Operators")
    desk.row("nina", name="operator")
    desk.offers_none("Ask to wake the account")
    desk.step("Hand over a link", "Make the link", reason=REASON)
    desk.sees("Hand this over, it is good for an hour")

    desk.menu("Access", "Sessions")
    desk.row("support", name="session")
    desk.step("End", "End", reason=REASON)
    desk.sees("The session has ended.")
    assert OperatorSession.objects.get(operator__username="support").ended_at is not None
    support.sidebar.get_by_role("link", name="Home").click()
    support.sees("Logins of this lab")

    desk.menu("Access", "Operators")
    desk.row("support", name="support")
    desk.offers_none("Hand over a link")
    desk.step("Put to rest", "Put to rest", reason=REASON)
    desk.sees("The account is at rest")
    assert not User.objects.get(username="support").is_active
    desk.offers_none("Put to rest")
    desk.unfold("Ask…")
    desk.step("Ask to wake the account", "Ask for approval", reason=REASON)
    assert checker.vote(operators.WAKE, "support") == "EXECUTED"
    assert User.objects.get(username="support").is_active
    desk.menu("Access", "Operators")
    desk.row("iam_admin", name="own account")
    desk.offers_none("Ask to change the roles", "Put to rest", "Ask to make a superuser")
    checker.menu("Access", "Operators")
    checker.row("support", name="support")
    checker.offers_none("Ask to change the roles", "Put to rest")


def asked_unfreezing() -> ApprovalRequest:
    """A request of the risk desk's that waits."""
    customer = make_user(name="Zhao Min")
    freeze_user(user_id=customer.id, actor="operator:ann", reason="lost phone, by call")
    return request_approval(
        action=UNFREEZE,
        parameters={"id": str(customer.id)},
        reason=REASON,
        maker=User.objects.get(username="risk_analyst"),
    )


def test_the_auditor_reads_an_approval_on_one_page_and_proves_the_chain(desk_of: Desks) -> None:
    asked_unfreezing()
    desk_of("risk_approver").vote(UNFREEZE, "Zhao Min")
    desk = desk_of("auditor")
    desk.has_no_area("Health")
    desk.menu("Control", "Approvals")
    desk.row(REASON, name="one page")
    desk.sees("Zhao Min", REASON, "looked at it", "approval.executed", "accounts.unfreeze")
    desk.offers_none("Approve", "Reject", "Withdraw")

    desk.menu("Control", "Audit log")
    desk.press("Verify the chain")
    desk.sees("The chain holds")
    desk.look("proved")
    desk.search("accounts.unfreeze")
    desk.row("accounts.unfreeze", name="row")
    row = AuditEvent.objects.get(action="accounts.unfreeze")
    desk.sees(row.hash)
    desk.menu("Control", "Audit log")
    with desk.page.expect_download() as download:
        desk.press("Export as CSV")
    assert "accounts.unfreeze" in download.value.path().read_text("utf-8")
    assert AuditEvent.objects.filter(actor="operator:auditor", action="audit.export").exists()
    desk.menu("Wallets", "Users")
    desk.row("Zhao Min", name="customer")
    desk.offers_none("Freeze", "Ask to unfreeze", "Unlock the PIN", "Write a note")


def test_a_teacher_shows_payments_and_no_persons_health(desk_of: Desks) -> None:
    asked_unfreezing()
    case = CASES[RECORD_FINDING]()
    request_approval(
        action=RECORD_FINDING,
        parameters=case.parameters,
        reason="a finding of the county",
        maker=User.objects.get(username="health_officer"),
    )
    paid = Payment.objects.get(id=make_paid_trade(credentials(make_app(make_merchant()))).id)
    desk = desk_of("teacher")
    desk.has_no_area("Health")
    desk.menu("Payments", "Payments")
    desk.search(paid.number)
    desk.row(paid.number, name="payment")
    desk.offers_none("Ask for a refund", "Close the payment")
    desk.follow("All its steps")
    desk.menu("Ledger", "Journals")
    desk.row(name="journal")
    desk.menu("Control", "Approvals")
    desk.sees(REASON)
    desk.sees_not("a finding of the county")
    desk.row(REASON, name="request")
    desk.offers_none("Approve", "Reject")
    desk.menu("Control", "Audit log")
    desk.row("approval.requested", name="row")
    desk.menu("Control", "Audit log")
    desk.sees("masked: outside of your area")
    # Beside the page: a refusal on it would stand in its console as a fault.
    answer = desk.page.context.request.get(f"{desk.address}/admin/health_decisions/head/")
    assert answer.status == 403
