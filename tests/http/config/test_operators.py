"""Operators are accounts under the law of two: asked for by one, approved by another."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from config.admin import operator_approvals, operators
from config.admin.roles import create_roles
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.request import request_approval
from config.kernel.audit.models import AuditEvent
from tests.factories.operators import give_roles, make_operator

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
REASON = "a new colleague in payments"
NEW = "another good long word"


@pytest.fixture(autouse=True)
def desk() -> tuple[User, User]:
    """Who asks and who approves."""
    create_roles()
    ida = give_roles(make_operator("ida"), "iam_admin")
    return ida, give_roles(make_operator("irma"), "iam_approver")


def client_of(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


def approved(action: str, **parameters: object) -> ApprovalRequest:
    """Ask as ida, approve as irma."""
    ida, irma = User.objects.get(username="ida"), User.objects.get(username="irma")
    asked = request_approval(action=action, parameters=parameters, reason=REASON, maker=ida)
    return approve_request(request_id=asked.id, checker=irma, comment="seen")


def asks(action: str, url: str, **fields: object) -> ApprovalRequest | None:
    client_of("ida").post(f"/admin/auth/user/{url}", {"reason": REASON, **fields})
    return ApprovalRequest.objects.filter(action=action).first()


def test_a_new_operator_comes_by_a_form_an_approval_and_a_link() -> None:
    fields = {"username": "paul", "first_name": "Paul", "last_name": "Wu", "roles": ["support"]}
    asked = asks(operator_approvals.CREATE, "ask_for_new/", **fields)
    assert asked is not None
    assert not User.objects.filter(username="paul").exists()
    approve_request(request_id=asked.id, checker=User.objects.get(username="irma"), comment="seen")
    paul = User.objects.get(username="paul")
    assert (paul.is_staff, paul.is_superuser, paul.has_usable_password()) == (True, False, False)
    assert [group.name for group in paul.groups.all()] == ["support"]
    page = client_of("ida").post(
        f"/admin/auth/user/{paul.pk}/hand_over_link/", {"reason": REASON}, follow=True
    )
    link = re.search(r"/admin/set-password/[^\s<]+", page.content.decode())
    assert link is not None
    stranger = Client()
    form = stranger.get(link[0], follow=True)
    where = form.redirect_chain[-1][0]
    answer = stranger.post(
        where, {"password1": NEW, "password2": NEW, "new_password1": NEW, "new_password2": NEW}
    )
    assert answer.status_code == 302
    assert User.objects.get(username="paul").check_password(NEW)
    people = set(AuditEvent.objects.filter(target="operator:paul").values_list("actor", flat=True))
    assert people == {"operator:ida, operator:irma", "operator:ida", "operator:paul"}


def test_roles_are_changed_by_an_approval_of_another() -> None:
    paul = make_operator("paul")
    request = approved(operator_approvals.GIVE_ROLES, id=str(paul.pk), roles=["support"])
    assert request.status == "EXECUTED"
    assert [group.name for group in paul.groups.all()] == ["support"]


def test_a_reset_takes_the_password_and_the_sessions() -> None:
    paul = make_operator("paul")
    session = client_of("paul")
    assert session.get("/admin/").status_code == 200
    approved(operator_approvals.RESET_PASSWORD, id=str(paul.pk))
    assert not User.objects.get(pk=paul.pk).has_usable_password()
    assert session.get("/admin/").status_code == 302


def test_a_superuser_takes_two_who_approve() -> None:
    paul = make_operator("paul")
    request = approved(operator_approvals.MAKE_SUPERUSER, id=str(paul.pk))
    assert request.status == "PENDING"
    third = give_roles(make_operator("iris"), "iam_approver")
    approve_request(request_id=request.id, checker=third, comment="seen")
    assert User.objects.get(pk=paul.pk).is_superuser


@pytest.mark.parametrize("who", ["ida", "irma"])
def test_nobody_changes_their_own_account_nor_approves_that(who: str) -> None:
    own = User.objects.get(username=who)
    request = approved(operator_approvals.GIVE_ROLES, id=str(own.pk), roles=["support"])
    assert (request.status, request.failure_code) == ("FAILED", "own_account")
    assert "support" not in own.groups.values_list("name", flat=True)


def test_the_form_refuses_the_own_account() -> None:
    own = User.objects.get(username="ida")
    assert (
        asks(operator_approvals.GIVE_ROLES, f"{own.pk}/ask_for_roles/", roles=["support"]) is None
    )


@pytest.mark.parametrize(
    ("roles", "code"),
    [
        (["finance_ops", "finance_approver"], "roles_conflict"),
        (["iam_admin", "iam_approver"], "roles_conflict"),
        (["emperor"], "operator_refused"),
    ],
)
def test_roles_that_one_person_may_not_hold_cannot_be_asked_for(
    roles: list[str], code: str
) -> None:
    paul = make_operator("paul")
    with pytest.raises(Exception, match=code):
        approved(operator_approvals.GIVE_ROLES, id=str(paul.pk), roles=roles)


def test_an_account_is_put_to_rest_by_one_and_woken_by_two() -> None:
    paul = make_operator("paul")
    session = client_of("paul")
    client_of("ida").post(f"/admin/auth/user/{paul.pk}/put_to_rest/", {"reason": REASON})
    assert not User.objects.get(pk=paul.pk).is_active
    assert session.get("/admin/").status_code == 302
    approved(operator_approvals.WAKE, id=str(paul.pk))
    woken = User.objects.get(pk=paul.pk)
    assert (woken.is_active, woken.has_usable_password()) == (True, False)


def test_a_link_is_for_accounts_without_a_password_alone() -> None:
    paul = make_operator("paul")
    page = client_of("ida").post(
        f"/admin/auth/user/{paul.pk}/hand_over_link/", {"reason": REASON}, follow=True
    )
    assert "set-password" not in page.content.decode()


@pytest.mark.parametrize("page", ["ask_for_new/", "{pk}/ask_for_roles/", "{pk}/put_to_rest/"])
@pytest.mark.parametrize("role", ["iam_approver", "support", "auditor"])
def test_only_who_gives_out_rights_may_ask(page: str, role: str) -> None:
    paul = make_operator("paul")
    give_roles(make_operator("olga"), role)
    url = f"/admin/auth/user/{page.format(pk=paul.pk)}"
    assert client_of("olga").post(url, {"reason": REASON}).status_code == 403
    assert User.objects.get(pk=paul.pk).is_active


def test_an_unknown_operator_is_told_so() -> None:
    with pytest.raises(operators.OperatorUnknown):
        approved(operator_approvals.RESET_PASSWORD, id="no number")


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_for_a_password_that_names_nobody_leads_nowhere(method: str) -> None:
    for name in ("1", "x", "MQ"):
        answer = getattr(Client(), method)(f"/admin/set-password/{name}/1-abc/")
        assert answer.status_code == 200
        assert "<form" not in answer.content.decode()
