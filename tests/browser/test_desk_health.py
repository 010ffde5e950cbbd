"""The daily job of the health desk, its clinicians and the privacy officer, in the browser."""

from collections.abc import Callable

import pytest

from config.kernel import clock
from config.kernel.audit.models import AuditEvent
from healthcode.appeals.models import Appeal
from healthcode.appeals.tasks import DECIDE
from healthcode.appeals.usecases.file_appeal import file_appeal
from healthcode.decisions.actions import RECOLOUR
from healthcode.decisions.findings import RECORD_FINDING
from healthcode.decisions.models import Alarm, Head
from healthcode.decisions.signoffs import SIGN_OFF
from healthcode.evidence.models import Evidence
from healthcode.evidence.values import EvidenceKind
from healthcode.subjects.models import Device
from healthcode.subjects.usecases.register_device import register_device
from healthcode.verification.models import Venue
from merchants.consents.usecases.give_consent import give_consent
from merchants.consents.values import Scope
from tests.browser.desk import REASON, Desk
from tests.factories.accounts import make_user
from tests.factories.health import make_gate, make_person
from tests.factories.merchants import make_app, make_merchant
from tests.factories.overrides import grounds
from tests.factories.world import let_work_run

pytestmark = pytest.mark.slow
Desks = Callable[[str], Desk]


def test_health_asks_for_a_colour_and_reports_a_finding(desk_of: Desks) -> None:
    person = make_person()
    subject, evidence = str(person.subject_id), str(grounds(person).id)
    desk = desk_of("health_officer")
    desk.has_no_area("Payments", "Wallets", "Ledger", "Risk", "Settlement")
    desk.menu("Health", "Health desk")
    desk.menu("Health", "Evidence")
    desk.search(subject)
    desk.row(name="evidence")
    desk.menu("Health", "Colours")
    desk.search(subject)
    desk.row(name="person")
    desk.offers_none("Sign off")
    desk.step(
        "Ask for a colour by hand", "Ask for approval", colour="RED", hours="24",
        reason_code="OUTBREAK_ORDER", legal_basis="Order 12 of the county", evidence=evidence,
        reason=REASON,
    )  # fmt: skip
    desk.sees("Order 12 of the county")
    desk.offers_none("Approve", "Reject")
    checker = desk_of("health_approver")
    says = ("Order 12 of the county", "YELLOW → RED")
    assert checker.vote(RECOLOUR, *says) == "EXECUTED"
    assert Head.objects.get(subject_id=subject).decision.colour == "RED"

    desk.menu("Health", "Colours")
    desk.search(subject)
    desk.row("RED", name="red")
    desk.step(
        "Report a finding", "Ask for approval", kind="case_open",
        observed_at=clock.now().isoformat(), details='{"case": "HZ-12"}', reason=REASON,
    )  # fmt: skip
    assert checker.vote(RECORD_FINDING, "HZ-12") == "EXECUTED"
    assert Evidence.objects.filter(subject_id=subject, kind="case_open").exists()
    checker.menu("Health", "Colours")
    checker.row("RED", name="person")
    checker.offers_none("Ask for a colour by hand", "Report a finding")


def test_health_decides_an_appeal_stops_a_phone_and_changes_a_poster(desk_of: Desks) -> None:
    person = make_person(symptoms=["cough"])
    appeal = file_appeal(subject=person.subject, grounds="that was last month")
    register_device(subject=person.subject, public_key=b"\x02" * 33)
    venue = make_gate("Concert hall").venue
    desk = desk_of("health_officer")
    desk.menu("Health", "Health desk")
    desk.card("Appeals").get_by_role("link").click()
    desk.look("appeals")
    desk.row(name="appeal")
    desk.sees("that was last month")
    desk.step(
        "Propose a decision", "Ask for approval", outcome="UPHELD",
        text="You reported a cough yesterday.", reason=REASON,
    )  # fmt: skip
    says = ("that was last month", "You reported a cough yesterday.")
    assert desk_of("health_approver").vote(DECIDE, *says) == "EXECUTED"
    assert Appeal.objects.get(id=appeal.id).state == "UPHELD"

    desk.menu("Health", "Subjects")
    desk.search(str(person.subject_id))
    desk.row(name="subject")
    desk.step("Lost phone", "Revoke", reason=REASON)
    desk.sees("Revoked. The passes on them follow at once.")
    assert Device.objects.get(subject_id=person.subject_id).revoked_at is not None

    desk.menu("Health", "Venues")
    desk.search("Concert hall")
    desk.row("Concert hall", name="venue")
    desk.step("New code on the wall…", "Make a new code")
    desk.sees("Print and put up the new code.")
    assert Venue.objects.get(id=venue.id).code_nonce != venue.code_nonce


def test_a_clinician_signs_a_machines_reading_off(desk_of: Desks) -> None:
    person = make_person()
    row = person.evidence(EvidenceKind.NAAT, result="positive", status="preliminary")
    Alarm.objects.create(kind="CLINICIAN_TASK", facts={"evidence": str(row.id)})
    desk = desk_of("clinician")
    desk.has_no_area("Payments", "Wallets", "Merchants", "Settlement", "Ledger", "Risk")
    desk.menu("Health", "Health desk")
    desk.page.locator("a[href*='task=sign_off']").first.click()
    desk.look("tasks")
    desk.row(name="reading")
    desk.sees("positive", "preliminary")
    desk.press("Sign off")
    desk.sees("RED, by a final positive")
    desk.look("sign off")
    desk.send("Ask for approval", result="positive", reason=REASON)
    desk.offers_none("Approve", "Reject")
    checker = desk_of("health_approver")
    assert checker.vote(SIGN_OFF, "RED, by a final positive") == "EXECUTED"
    let_work_run()
    assert Head.objects.get(subject_id=person.subject_id).decision.colour == "RED"
    desk.menu("Health", "Colours")
    desk.row("RED", name="person")
    desk.offers_none("Ask for a colour by hand", "Report a finding")
    desk.menu("Health", "Appeals")


def test_the_privacy_officer_reads_who_looked_and_deletes_what_is_due(desk_of: Desks) -> None:
    person, gate = make_person(), make_gate("Concert hall")
    gate.verify(person.code())
    app, citizen = make_app(make_merchant()), make_user()
    give_consent(app_number=app.app_number, user_id=citizen.id, scopes=[Scope.IDENTITY])
    officer = desk_of("health_officer")
    officer.menu("Health", "Subjects")
    officer.row(str(person.subject_id)[:8], name="subject")
    officer.menu("Health", "Colours")
    with officer.page.expect_download():
        officer.press("Export as CSV")

    desk = desk_of("privacy_officer")
    desk.has_no_area("Payments", "Wallets", "Settlement", "Ledger", "Risk")
    desk.menu("Health", "Privacy desk")
    desk.sees("operator:health_officer", "Looks at codes")
    exports = desk.card("Exports")
    assert exports.locator(".console-figure").inner_text().strip() == "1"
    exports.get_by_role("link").click()
    desk.look("exports")
    desk.sees("health.exported")
    desk.menu("Health", "Access log")
    desk.row(name="look")
    desk.sees_not("GREEN")
    desk.menu("Merchants", "Consents")
    desk.row(name="consent")
    desk.sees(app.name)
    desk.menu("Health", "Privacy desk")
    desk.step("Delete what is due", "Delete", reason=REASON)
    desk.sees("were deleted or made nameless")
    row = AuditEvent.objects.filter(action="privacy.purge").latest("seq")
    assert (row.actor, row.purpose) == ("operator:privacy_officer", REASON)
    desk.menu("Control", "Audit log")
    desk.search("privacy.purge")
    desk.row("privacy.purge", name="purge in the log")
    desk.sees(REASON)
