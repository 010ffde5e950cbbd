"""approve_request: a second operator decides, and the deed is done once.

Mia asks for a group to be renamed; Carl and Cleo may approve.
"""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from config.kernel import clock
from config.kernel.access import guard
from config.kernel.access.guard import Authority
from config.kernel.approvals import rules
from config.kernel.approvals.execute import execute_request
from config.kernel.approvals.models import ApprovalRequest, ApprovalVote
from config.kernel.approvals.reject import reject_request
from config.kernel.approvals.request import request_approval
from config.kernel.approvals.steps import RequestUnknown
from config.kernel.approvals.values import Status
from config.kernel.audit import chain
from config.kernel.audit.models import AuditEvent
from config.kernel.ids import uuid7
from tests.factories.approvals import RENAME, RENAME_BY_TWO, Desk
from tests.factories.operators import BY_THE_TEST, make_operator

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_executes_when_another_operator_approves(desk: Desk) -> None:
    request = desk.approve(desk.ask())
    assert (request.status, desk.name()) == (Status.EXECUTED, "new")
    assert request.result == {"name": "new", "maker": "mia", "checkers": ["carl"]}


def test_executes_once_when_clicked_twice(desk: Desk) -> None:
    request = desk.ask()
    desk.approve(request)
    desk.change_by_hand("renamed by hand since")
    again = desk.approve(request)
    assert (again.status, desk.name()) == (Status.EXECUTED, "renamed by hand since")


def test_refuses_the_maker(desk: Desk) -> None:
    with pytest.raises(rules.SelfApproval):
        desk.approve(desk.ask(), desk.mia)
    assert desk.name() == "old"


def test_refuses_the_maker_who_is_a_superuser(desk: Desk) -> None:
    with guard.under(Authority("operator:root", "by hand")):
        desk.mia.is_superuser = True
        desk.mia.save()
    with pytest.raises(rules.SelfApproval):
        desk.approve(desk.ask(), desk.mia)


def test_being_a_superuser_gives_no_right_to_ask_or_to_approve(desk: Desk) -> None:
    root = make_operator("root", superuser=True)
    with pytest.raises(rules.MakerLacksRole):
        desk.ask(maker=root)
    with pytest.raises(rules.CheckerLacksRole):
        desk.approve(desk.ask(), root)


def test_refuses_the_maker_in_the_database_too(desk: Desk) -> None:
    request = desk.ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        ApprovalVote.objects.create(
            request=request, maker=desk.mia, checker=desk.mia, approves=True
        )


def test_refuses_a_vote_that_names_another_maker(desk: Desk) -> None:
    request = desk.ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        ApprovalVote.objects.create(
            request=request, maker=desk.carl, checker=desk.mia, approves=True
        )


def test_refuses_a_checker_without_the_permission(desk: Desk) -> None:
    with pytest.raises(rules.CheckerLacksRole):
        desk.approve(desk.ask(), make_operator("nobody"))


def test_refuses_a_checker_who_has_left(desk: Desk) -> None:
    desk.carl.is_active = False
    with pytest.raises(rules.CheckerLacksRole):
        desk.approve(desk.ask())


def test_does_nothing_when_the_target_has_changed(desk: Desk) -> None:
    request = desk.ask()
    desk.change_by_hand("changed")
    assert desk.approve(request).status == Status.STALE
    assert desk.name() == "changed"


def test_does_nothing_when_the_target_is_gone(desk: Desk) -> None:
    request = desk.ask()
    with guard.under(BY_THE_TEST):
        desk.group.delete()
    assert desk.approve(request).status == Status.STALE


def test_does_nothing_a_day_later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    request = desk.ask()
    monkeypatch.setattr(clock, "now", lambda: request.expires_at)
    assert [desk.approve(request).status for _ in range(2)] == [Status.EXPIRED, Status.EXPIRED]
    assert desk.name() == "old"


def test_keeps_no_half_effect_when_a_rule_refuses(desk: Desk) -> None:
    request = desk.approve(desk.ask("refused"))
    assert (request.status, request.failure_code) == (Status.FAILED, "name_refused")
    assert desk.name() == "old"


def test_waits_for_the_second_of_two_checkers(desk: Desk) -> None:
    request = desk.ask(action=RENAME_BY_TWO)
    assert desk.approve(request).status == Status.PENDING
    assert desk.approve(request).status == Status.PENDING
    assert desk.approve(request, desk.cleo).status == Status.EXECUTED


def test_fails_when_the_first_checker_has_lost_the_role_at_execution(desk: Desk) -> None:
    request = desk.ask(action=RENAME_BY_TWO)
    desk.approve(request)
    desk.take_rights(desk.carl)
    with pytest.raises(rules.CheckerLacksRole):
        desk.approve(request, desk.cleo)
    assert (ApprovalRequest.objects.get().status, desk.name()) == (Status.FAILED, "old")


def test_finds_the_target_changed_between_approval_and_execution(desk: Desk) -> None:
    request = desk.approved_and_left()
    desk.change_by_hand("changed")
    assert execute_request(request_id=request.id).status == Status.STALE


def test_refuses_what_was_rejected_meanwhile(desk: Desk) -> None:
    request = desk.ask()
    reject_request(request_id=request.id, checker=desk.cleo)
    with pytest.raises(rules.RequestNotPending):
        desk.approve(request)


def test_does_not_know_a_request_that_is_not_there(desk: Desk) -> None:
    with pytest.raises(RequestUnknown):
        desk.approve(ApprovalRequest(id=uuid7()))


def test_writes_each_step_into_the_audit_chain(desk: Desk) -> None:
    request = desk.approve(desk.ask())
    rows = AuditEvent.objects.filter(target=f"approval:{request.id}").order_by("seq")
    assert [row.action.removeprefix("approval.") for row in rows] == [
        "requested",
        "approved",
        "executed",
    ]
    assert chain.verify().breaks == []


def test_stores_what_the_maker_saw_and_what_will_happen(desk: Desk) -> None:
    request = desk.ask()
    assert (request.state, request.effect) == ({"name": "old"}, {"new name": "new"})
    assert request.expires_at - request.requested_at == timedelta(hours=24)


@pytest.mark.parametrize("reason", ["", "because", "   too few   "])
def test_asks_for_a_reason_of_ten_characters(desk: Desk, reason: str) -> None:
    parameters: dict[str, object] = {"group": desk.group.pk, "name": "new"}
    with pytest.raises(rules.ReasonTooShort):
        request_approval(action=RENAME, parameters=parameters, reason=reason, maker=desk.mia)


def test_refuses_a_maker_without_the_makers_permission(desk: Desk) -> None:
    stranger: User = make_operator("stranger")
    with pytest.raises(rules.MakerLacksRole):
        desk.ask(maker=stranger)
