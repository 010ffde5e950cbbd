"""Each role of the operators signs in and does its daily job; no page is wider than its window.

With `SAOMA_SHOTS` naming a folder, every page is kept there as a picture.
"""

import os
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, ViewportSize, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from config.admin.roles import ROLES
from config.kernel import clock
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.request import request_approval
from healthcode.decisions.models import Alarm, Head
from healthcode.evidence.values import EvidenceKind
from lab import demo_accounts
from merchants.onboarding.models import Merchant
from tests.browser.stage import Stage
from tests.factories.accounts import PIN, make_user
from tests.factories.health import make_person
from tests.factories.second_factor import Authenticator, set_up_factor
from tests.factories.world import bring_on_stage
from wallet.accounts.models import BankInstruction, WalletUser, Withdrawal
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.accounts.usecases.request_withdrawal import request_withdrawal

pytestmark = pytest.mark.slow
DESKTOP: ViewportSize = {"width": 1440, "height": 1000}
REASON = "the customer has called and asked for it"
SHOTS = os.environ.get("SAOMA_SHOTS", "")
# Roles that decide, and so carry an authenticator here.
DECIDERS = tuple(name for name, role in ROLES.items() if role.approves)


class Desk(Stage):
    """An operator's browser: signed in, with the second factor where there is one."""

    role: str = ""
    phone: Authenticator | None = None
    shots: int = 0

    def sign_in(self, role: str, phone: Authenticator | None) -> None:
        self.role, self.phone = role, phone
        self.open("/admin/login/?next=/admin/")
        self.page.locator("input[name=username]").fill(role)
        self.page.locator("input[name=password]").fill(demo_accounts.OPERATOR_PASSWORD)
        self.page.locator("input[name=password]").press("Enter")
        if phone is not None:
            self.page.wait_for_url("**/admin/second-factor/**")
            self.look("second-factor")
            self.page.locator("input[name=code]").fill(phone.code())
            self.page.locator("input[name=code]").press("Enter")
        self.page.wait_for_url("**/admin/")
        self.look("home")

    def visit(self, path: str, name: str = "") -> None:
        """Go to a page of the panel, which opens and fits."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, f"{self.role} {path}"
        self.look(name or path.strip("/").replace("/", "-").removeprefix("admin-"))

    def look(self, name: str) -> None:
        """No page is wider than its window; keep a picture where pictures are wanted."""
        self.page.wait_for_timeout(150)
        assert self.overflow() <= 0, f"{self.role} {name}"
        if SHOTS:
            self.shots += 1
            path = Path(SHOTS) / f"{self.role}-{self.shots:02d}-{name}.png"
            self.page.screenshot(path=path, full_page=True)

    def menu(self) -> list[str]:
        """Addresses of the sidebar's links."""
        links = self.page.locator("#nav-sidebar a[href^='/admin/']")
        return sorted({str(link.get_attribute("href")) for link in links.all()})

    def press(self, name: str) -> None:
        """Press a button or follow a link of this name."""
        # The theme writes an icon's name before the words.
        words = re.compile(rf"(^|\s){re.escape(name)}\s*$")
        self.page.locator("a").filter(has_text=words).first.click()

    def send(self, button: str, **fields: str) -> None:
        """Fill a form in and send it."""
        for name, value in fields.items():
            self.page.locator(f"[name={name}]").fill(value)
        self.page.get_by_role("button", name=button, exact=True).click()

    def sees(self, text: str) -> None:  # type: ignore[override]
        expect(self.page.locator("body")).to_contain_text(text)


@pytest.fixture
def desk_of(
    browser: Browser,
    live_server: LiveServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Callable[[str], Desk]]:
    """Opens the browser of a role, in a small world with something for each to do."""
    bring_on_stage(settings, monkeypatch, tmp_path, live_server.url, whole=False)
    phones = {role: set_up_factor(User.objects.get(username=role)) for role in DECIDERS}
    customer = make_user(phone="13700000001", balance_minor=60_000_00)
    request_withdrawal(user_id=customer.id, key="w1", amount_minor=52_000_00, pin=PIN)
    make_person()
    contexts, desks = [], []

    def open_desk(role: str) -> Desk:
        context = browser.new_context(viewport=DESKTOP)
        contexts.append(context)
        desk = Desk(context.new_page(), live_server.url)
        desks.append(desk)
        desk.sign_in(role, phones.get(role))
        return desk

    yield open_desk
    for context in contexts:
        context.close()
    assert [fault for desk in desks for fault in desk.faults] == []


def decide(desk: Desk, action: str) -> str:
    """Approve the newest request of an action from the inbox; where it stands then."""
    request = ApprovalRequest.objects.filter(action=action).latest("requested_at")
    desk.visit("/admin/approvals/approvalrequest/?inbox=mine_to_decide", "inbox")
    desk.visit(f"/admin/approvals/approvalrequest/{request.pk}/change/", "request")
    desk.press("Approve")
    desk.look("confirm")
    code = {}
    if desk.page.locator("[name=code]").count():
        assert desk.phone is not None
        code["code"] = desk.phone.code()
    desk.send("Approve", comment="looked at it", **code)
    desk.look("decided")
    request.refresh_from_db()
    return request.status


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reads_its_whole_menu(desk_of: Callable[[str], Desk], role: str) -> None:
    desk = desk_of(role)
    menu = desk.menu()
    assert "/admin/" in menu
    for path in menu:
        desk.visit(path)


def test_support_finds_a_customer_and_helps(desk_of: Callable[[str], Desk]) -> None:
    customer = WalletUser.objects.latest("created_at")
    desk = desk_of("support")
    desk.visit(f"/admin/accounts/walletuser/?q={customer.user_id}", "found")
    desk.visit(f"/admin/accounts/walletuser/{customer.pk}/change/", "customer")


def test_payments_asks_for_a_large_withdrawal_and_finance_approves(
    desk_of: Callable[[str], Desk],
) -> None:
    withdrawal = Withdrawal.objects.get()
    desk = desk_of("payments_ops")
    desk.visit(f"/admin/accounts/withdrawal/{withdrawal.pk}/change/", "withdrawal")
    desk.press("Ask to approve")
    desk.page.locator("#dialog [name=reason]").fill(REASON)
    desk.look("dialog")
    desk.page.get_by_role("button", name="Ask", exact=True).click()
    desk.sees("Asked for approval")
    assert decide(desk_of("finance_approver"), "accounts.approve_withdrawal") == "EXECUTED"
    withdrawal.refresh_from_db()
    assert withdrawal.state == "SUBMITTED"


def test_payments_asks_a_silent_bank_and_two_end_the_withdrawal_by_its_letter(
    desk_of: Callable[[str], Desk],
) -> None:
    desk = desk_of("payments_ops")
    customer = make_user(phone="13700000002", balance_minor=200_00)
    order, _ = request_withdrawal(user_id=customer.id, key="w2", amount_minor=100_95, pin=PIN)
    told = BankInstruction.objects.filter(subject_id=order.id)
    told.update(sent_at=clock.now() - timedelta(hours=2))
    desk.visit("/admin/accounts/withdrawal/?bank=silent", "queue")
    desk.visit(f"/admin/accounts/withdrawal/{order.pk}/change/", "silent")
    desk.press("Ask the bank")
    desk.page.locator("#dialog [name=reason]").fill(REASON)
    desk.page.locator("#dialog").get_by_role("button", name="Ask", exact=True).click()
    desk.sees("The bank does not know yet")
    desk.press("Ask to end it by hand")
    desk.sees("credit user available")
    desk.look("foretold")
    desk.page.locator("[name=result]").select_option("FAILED")
    desk.send("Ask for approval", bank_reference="letter 17", reason=REASON)
    assert decide(desk_of("finance_approver"), "accounts.force_end") == "EXECUTED"
    order.refresh_from_db()
    assert order.state == "RETURNED"


def test_finance_asks_for_another_threshold_and_takes_a_list_away(
    desk_of: Callable[[str], Desk],
) -> None:
    desk = desk_of("finance_ops")
    desk.visit("/admin/settlement/settlementbatch/", "batches")
    with desk.page.expect_download() as download:
        desk.page.locator("a[href*='/admin/export/']").first.click()
    assert download.value.suggested_filename.endswith(".csv")
    desk.visit("/admin/approvals/thresholdversion/", "thresholds")
    desk.press("Ask for another value")
    desk.look("present values")
    desk.send("Ask for approval", value="500000", reason=REASON)
    assert decide(desk_of("finance_approver"), "thresholds.change") == "EXECUTED"


def test_health_reports_a_finding_and_another_lets_it_count(
    desk_of: Callable[[str], Desk],
) -> None:
    desk = desk_of("health_officer")
    head = Head.objects.latest("decision__computed_at")
    desk.visit("/admin/health-desk/", "desk")
    desk.visit(f"/admin/health_decisions/head/{head.pk}/change/", "person")
    desk.press("Report a finding")
    desk.look("finding")
    desk.page.locator("[name=kind]").select_option("case_open")
    moment = clock.now().isoformat()
    desk.send("Ask for approval", observed_at=moment, details='{"case": "HZ-12"}', reason=REASON)
    assert decide(desk_of("health_approver"), "health.record_finding") == "EXECUTED"


def test_a_clinician_signs_a_machines_reading_off(desk_of: Callable[[str], Desk]) -> None:
    desk = desk_of("clinician")
    row = make_person().evidence(EvidenceKind.NAAT, result="positive", status="preliminary")
    Alarm.objects.create(kind="CLINICIAN_TASK", facts={"evidence": str(row.id)})
    desk.visit("/admin/health-desk/", "desk")
    desk.page.locator("a[href*='task=sign_off']").first.click()
    desk.look("tasks")
    desk.visit(f"/admin/health_evidence/evidence/{row.pk}/change/", "reading")
    desk.press("Sign off")
    desk.sees("RED, by a final positive")
    desk.look("sign off")
    desk.page.locator("[name=result]").select_option("positive")
    desk.send("Ask for approval", reason=REASON)
    assert decide(desk_of("health_approver"), "health.sign_off_reading") == "EXECUTED"


def test_the_privacy_officer_reads_who_looked_and_deletes_what_is_due(
    desk_of: Callable[[str], Desk],
) -> None:
    desk = desk_of("privacy_officer")
    desk.visit("/admin/privacy-desk/", "desk")
    desk.visit("/admin/health_verification/accesslogentry/", "access log")
    desk.visit("/admin/consents/grant/", "consents")
    desk.visit("/admin/privacy-desk/", "desk")
    desk.press("Delete what is due")
    desk.look("purge")
    desk.send("Delete", reason=REASON)
    desk.sees("were deleted or made nameless")


def test_a_teacher_shows_payments_and_no_persons_health(desk_of: Callable[[str], Desk]) -> None:
    desk = desk_of("teacher")
    desk.visit("/admin/payments/payment/", "payments")
    desk.visit("/admin/approvals/approvalrequest/", "approvals")
    desk.visit("/admin/audit/auditevent/", "audit log")
    assert not [path for path in desk.menu() if "health" in path]
    # Beside the page: a refusal on it would stand in its console as a fault.
    answer = desk.page.context.request.get(f"{desk.address}/admin/health_decisions/head/")
    assert answer.status == 403


def test_risk_freezes_at_once_and_two_unfreeze(desk_of: Callable[[str], Desk]) -> None:
    customer = WalletUser.objects.latest("created_at")
    path = f"/admin/accounts/walletuser/{customer.pk}/change/"
    desk = desk_of("risk_analyst")
    for link, button, done in (
        ("Freeze", "Freeze", "The account is frozen."),
        ("Ask to unfreeze", "Ask", "Asked for approval"),
    ):
        desk.visit(path, "customer")
        desk.press(link)
        desk.page.locator("#dialog [name=reason]").fill(REASON)
        desk.page.locator("#dialog").get_by_role("button", name=button, exact=True).click()
        desk.sees(done)
        desk.look("asked")
    assert decide(desk_of("risk_approver"), "accounts.unfreeze") == "EXECUTED"


def test_merchant_desk_suspends_and_two_lift_it(desk_of: Callable[[str], Desk]) -> None:
    merchant = Merchant.objects.get()
    path = f"/admin/onboarding/merchant/{merchant.pk}/change/"
    desk = desk_of("merchant_ops")
    desk.visit(path, "merchant")
    desk.press("Suspend")
    desk.send("Suspend the merchant", reason=REASON)
    desk.visit(path, "suspended")
    desk.press("Ask for approval")
    desk.look("ask")
    desk.send("Ask for approval", reason=REASON)
    assert decide(desk_of("merchant_approver"), "merchants.approve") == "EXECUTED"


def test_rights_are_given_out_by_two(desk_of: Callable[[str], Desk]) -> None:
    desk = desk_of("iam_admin")
    desk.visit("/admin/auth/user/", "operators")
    desk.press("Ask for a new operator")
    desk.page.get_by_label("auditor").check()
    desk.send("Ask for approval", username="nina", first_name="Nina", last_name="", reason=REASON)
    desk.look("asked")
    assert decide(desk_of("iam_approver"), "operators.create") == "EXECUTED"
    assert User.objects.get(username="nina").is_staff


def test_the_auditor_reads_an_approval_on_one_page(desk_of: Callable[[str], Desk]) -> None:
    customer = WalletUser.objects.latest("created_at")
    freeze_user(user_id=customer.id, actor="operator:ann", reason="lost phone, by call")
    request_approval(
        action="accounts.unfreeze",
        parameters={"id": str(customer.id)},
        reason=REASON,
        maker=User.objects.get(username="risk_analyst"),
    )
    decide(desk_of("risk_approver"), "accounts.unfreeze")
    request = ApprovalRequest.objects.get(action="accounts.unfreeze")
    desk = desk_of("auditor")
    desk.visit(f"/admin/approvals/approvalrequest/{request.pk}/change/", "one page")
    for words in (REASON, "looked at it", "approval.executed", "accounts.unfreeze"):
        desk.sees(words)


def test_the_auditor_proves_the_chain(desk_of: Callable[[str], Desk]) -> None:
    desk = desk_of("auditor")
    desk.visit("/admin/audit/auditevent/", "log")
    desk.press("Verify the chain")
    desk.sees("The chain holds")
    desk.look("proved")
