"""One approval on one page: request, effect, evidence, decisions, audit rows, outcome."""

import pytest
from django.test import Client
from django.urls import reverse

from config.admin.roles import create_roles
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.request import request_approval
from config.kernel.audit.models import AuditEvent
from tests.factories.account_cases import frozen
from tests.factories.health_cases import green_person
from tests.factories.operator_cases import Case
from tests.factories.operators import give_roles, make_checker, make_maker, make_operator
from wallet.accounts.approvals import UNFREEZE

pytestmark = pytest.mark.django_db
RECOLOUR = "health.recolour"


def client_of(operator: object) -> Client:
    client = Client()
    client.force_login(operator)  # type: ignore[arg-type]
    return client


def asked(action: str, case: Case) -> ApprovalRequest:
    return request_approval(
        action=action,
        parameters=case.parameters,
        reason="the customer has shown a passport",
        maker=make_maker("mia", action),
    )


def page_of(request: ApprovalRequest, client: Client) -> str:
    address = reverse("admin:approvals_approvalrequest_change", args=[request.pk])
    return client.get(address).content.decode()


def approve_over_http(request: ApprovalRequest, action: str) -> None:
    carl = client_of(make_checker("carl", action))
    address = reverse("admin:approvals_approvalrequest_approve", args=[request.pk])
    assert carl.post(address, {"comment": "passport seen"}).status_code == 302


def test_an_auditor_reads_a_request_from_its_asking_to_its_outcome_on_one_page() -> None:
    create_roles()
    request = asked(UNFREEZE, frozen())
    approve_over_http(request, UNFREEZE)
    text = page_of(request, client_of(give_roles(make_operator("ada"), "auditor")))
    for word in (
        "the customer has shown a passport",  # what was asked, and why
        "may leave the wallet again",  # effect
        "FROZEN",  # what it rested on
        "passport seen",  # the decision
        "approval.requested",
        "approval.executed",
        "accounts.unfreeze",  # the deed's own row
        "EXECUTED",  # outcome
    ):
        assert word in text, word
    assert reverse("admin:audit_auditevent_changelist") in text


def test_who_may_not_read_the_audit_log_sees_none_of_its_rows() -> None:
    request = asked(UNFREEZE, frozen())
    approve_over_http(request, UNFREEZE)
    text = page_of(request, client_of(make_maker("mo", UNFREEZE)))
    assert "passport seen" in text
    assert "approval.executed" not in text


def test_what_is_behind_a_wall_stays_there_on_this_page_too() -> None:
    request = asked(RECOLOUR, green_person())
    approve_over_http(request, RECOLOUR)
    reader = make_operator("ed", "audit.view_auditevent", "approvals.view_health_recolour")
    text = page_of(request, client_of(reader))
    deed = AuditEvent.objects.filter(action="health.override").get()
    assert deed.action in text
    assert deed.target not in text
