"""Walls of the panel: who may read and decide what, and that a link changes nothing."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from config.admin.roles import create_roles
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.request import request_approval
from config.kernel.approvals.values import Status
from config.kernel.audit.models import AuditEvent
from healthcode.verification.models import VenuePolicy
from tests.factories.approval_cases import CASES
from tests.factories.approvals import REASON
from tests.factories.operators import give_roles, make_maker, make_operator
from wallet.accounts.approvals import APPROVE_WITHDRAWAL

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOBODY = "00000000-0000-0000-0000-000000000000"
IDS = (NOBODY, "nonsense", "9" * 40, "x" * 2000, "../../etc")
# What a look itself may write: who looked, and the session.
WRITES = ("audit_audit", "django_session", "access_operatorsession")


def member(role: str, name: str = "") -> tuple[User, Client]:
    """An operator with one role, logged in."""
    create_roles()
    operator = give_roles(make_operator(name or role), role)
    client = Client()
    client.force_login(operator)
    return operator, client


def asked(action: str) -> ApprovalRequest:
    case = CASES[action]()
    return request_approval(
        action=action, parameters=case.parameters, reason=REASON, maker=make_maker("mia", action)
    )


def step(request: ApprovalRequest, name: str) -> str:
    return reverse(f"admin:approvals_approvalrequest_{name}", args=[request.pk])


def test_the_second_of_one_role_does_not_release_what_the_first_asked_for() -> None:
    case = CASES[APPROVE_WITHDRAWAL]()
    first, _ = member("payments_ops", "first")
    _, second = member("payments_ops", "second")
    request = request_approval(
        action=APPROVE_WITHDRAWAL, parameters=case.parameters, reason=REASON, maker=first
    )
    assert second.post(step(request, "approve"), {"comment": ""}).status_code == 403
    _, approver = member("finance_approver")
    for _ in range(2):
        assert approver.post(step(request, "approve"), {"comment": ""}).status_code == 302
    assert ApprovalRequest.objects.get().status == Status.EXECUTED


def test_what_is_asked_is_shown_in_words_with_links() -> None:
    request = asked(APPROVE_WITHDRAWAL)
    _, approver = member("finance_approver")
    for name in ("change", "approve"):
        page = approver.get(step(request, name)).content.decode()
        for words in ("50,000.00", "CNY", "/admin/accounts/walletuser/", "REVIEW → SUBMITTED"):
            assert words in page, (name, words)


@pytest.mark.parametrize("role", ["teacher", "auditor", "payments_ops", "risk_approver"])
def test_a_health_request_is_read_by_health_roles_alone(role: str) -> None:
    request = asked("health.recolour")
    _, reader = member(role)
    for name in ("change", "approve", "reject"):
        assert reader.get(step(request, name)).status_code == 403
    assert (
        str(request.pk)
        not in reader.get(reverse("admin:approvals_approvalrequest_changelist")).content.decode()
    )
    _, officer = member("health_approver")
    assert officer.get(step(request, "change")).status_code == 200


def test_audit_rows_of_health_are_masked_for_others() -> None:
    request = asked("health.recolour")
    _, auditor = member("auditor")
    _, officer = member("privacy_officer")
    table = reverse("admin:audit_auditevent_changelist")
    row = AuditEvent.objects.get(action="approval.requested")
    for page in (table, reverse("admin:audit_auditevent_change", args=[row.pk])):
        text = auditor.get(page).content.decode()
        assert "masked" in text
        assert REASON not in text
        assert str(request.parameters["subject"]) not in text
    assert REASON not in auditor.get(table, {"q": "approval"}).content.decode()
    export = auditor.get(reverse("admin:audit_auditevent_export")).content.decode()
    assert REASON not in export
    assert AuditEvent.objects.filter(action="audit.export", actor="operator:auditor").count() == 1
    assert officer.get(table).status_code == 200


def test_a_look_that_is_refused_leaves_no_row() -> None:
    client = Client()
    client.force_login(make_operator("nobody"))
    before = AuditEvent.objects.count()
    for name in IDS:
        page = reverse("admin:health_subjects_subject_change", args=[name])
        assert client.get(page).status_code == 403
    assert AuditEvent.objects.count() == before


def panel_addresses() -> list[tuple[str, bool]]:
    """Every address of the panel by its name, and whether it is about one row."""
    found: list[tuple[str, bool]] = []

    def walk(patterns: list[URLPattern | URLResolver]) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns)
            elif pattern.name and not pattern.pattern.converters.keys() - {"object_id"}:
                found.append((pattern.name, "object_id" in pattern.pattern.converters))

    [panel] = [
        entry
        for entry in get_resolver().url_patterns
        if isinstance(entry, URLResolver) and entry.namespace == "admin"
    ]
    walk(panel.url_patterns)
    return sorted(set(found))


def changes(sql: str) -> bool:
    """Whether a statement changes more than the record of the look itself."""
    words = sql.replace('"', "").split()
    if words[0] not in {"INSERT", "UPDATE", "DELETE"}:
        return False
    return not words[1 if words[0] == "UPDATE" else 2].startswith(WRITES)


@pytest.fixture
def root() -> Client:
    client = Client()
    client.force_login(make_operator("root", superuser=True))
    return client


@pytest.mark.slow
def test_no_link_changes_anything(root: Client) -> None:
    asked("health.recolour")
    written: dict[str, str] = {}
    for name, of_a_row in panel_addresses():
        if name in {"logout", "app_list"}:  # One takes a POST, the other an app's name.
            continue
        address = reverse(f"admin:{name}", args=[NOBODY] if of_a_row else [])
        with CaptureQueriesContext(connection) as queries:
            status = root.get(address).status_code
        assert status < 500, name
        changed = [query["sql"] for query in queries if changes(query["sql"])]
        if changed:
            written[name] = changed[0]
    assert written == {}


@pytest.mark.slow
def test_an_id_that_is_none_is_never_a_failure(root: Client) -> None:
    pages = [name for name, of_a_row in panel_addresses() if of_a_row]
    assert len(pages) > 100
    for name in pages:
        for given in IDS[:3]:
            address = reverse(f"admin:{name}", args=[given])
            for answer in (root.get(address), root.post(address, {"reason": REASON})):
                assert answer.status_code < 500, (name, given)


@pytest.mark.parametrize(
    "name",
    ["health_verification_venue_rotate_code", "faces_faceterminal_certify",
     "faces_faceterminal_revoke"],
)  # fmt: skip
def test_a_deed_is_posted_to_and_never_linked(root: Client, name: str) -> None:
    assert root.get(reverse(f"admin:{name}", args=[NOBODY])).status_code == 405


def test_letting_red_codes_in_takes_a_reason_and_a_second_operator() -> None:
    _, officer = member("health_officer")
    _, approver = member("health_approver")
    add = reverse("admin:health_verification_venuepolicy_add")
    body = {
        "name": "Hospital", "admits": ["GREEN", "RED"], "test_age_by_colour": "{}",
        "versions-TOTAL_FORMS": 0, "versions-INITIAL_FORMS": 0,
    }  # fmt: skip
    assert officer.post(add, body).status_code == 200
    assert officer.post(add, {**body, "reason": "they come to be treated"}).status_code == 302
    assert not VenuePolicy.objects.exists()
    request = ApprovalRequest.objects.get()
    approver.post(step(request, "approve"), {"comment": "seen"})
    assert VenuePolicy.objects.get().admits == ["GREEN", "RED"]
