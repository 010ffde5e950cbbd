"""A request that is not executed: rejected, withdrawn, expired, or left behind by a crash."""

import pytest

from config.kernel import timetable
from config.kernel.access import guard
from config.kernel.approvals import queries, registry, rules
from config.kernel.approvals.execute import execute_request
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.registry import UnknownAction
from config.kernel.approvals.reject import reject_request
from config.kernel.approvals.request import request_approval
from config.kernel.approvals.values import Status
from config.kernel.approvals.withdraw import withdraw_request
from config.kernel.clock import now
from tests.factories.approvals import REASON, RENAME, Desk
from tests.factories.clock import advance
from tests.factories.operators import BY_THE_TEST, make_operator

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk()


def status_of(request: ApprovalRequest) -> str:
    return ApprovalRequest.objects.get(id=request.id).status


def test_ends_with_a_no(desk: Desk) -> None:
    request = desk.ask()
    for _ in range(2):
        reject_request(request_id=request.id, checker=desk.carl, comment="not this week")
    assert (status_of(request), desk.name()) == (Status.REJECTED, "old")
    assert [vote.comment for vote in request.votes.all()] == ["not this week"]


def test_refuses_the_makers_own_no(desk: Desk) -> None:
    with pytest.raises(rules.SelfApproval):
        reject_request(request_id=desk.ask().id, checker=desk.mia)


def test_refuses_a_no_without_the_permission(desk: Desk) -> None:
    with pytest.raises(rules.CheckerLacksRole):
        reject_request(request_id=desk.ask().id, checker=make_operator("nobody"))


def test_refuses_a_no_after_the_deed(desk: Desk) -> None:
    request = desk.approve(desk.ask())
    with pytest.raises(rules.RequestNotPending):
        reject_request(request_id=request.id, checker=desk.cleo)


def test_is_taken_back_by_its_maker_alone(desk: Desk) -> None:
    request = desk.ask()
    with pytest.raises(rules.NotTheMaker):
        withdraw_request(request_id=request.id, maker=desk.carl)
    for _ in range(2):
        withdraw_request(request_id=request.id, maker=desk.mia)
    assert status_of(request) == Status.WITHDRAWN


def test_is_not_taken_back_after_the_deed(desk: Desk) -> None:
    request = desk.approve(desk.ask())
    with pytest.raises(rules.RequestNotPending):
        withdraw_request(request_id=request.id, maker=desk.mia)


def test_expires_after_a_day_by_itself(desk: Desk) -> None:
    request = desk.ask()
    advance(hours=23, minutes=59)
    assert status_of(request) == Status.PENDING
    advance(minutes=1)
    assert status_of(request) == Status.EXPIRED


def test_is_executed_by_the_timetable_when_its_approver_crashed(desk: Desk) -> None:
    request = desk.approved_and_left()
    assert timetable.run("approvals.execute", now()) == 1
    assert (status_of(request), desk.name()) == (Status.EXECUTED, "new")


def test_shows_in_the_inbox_of_those_who_may_decide(desk: Desk) -> None:
    request = desk.ask()
    assert list(queries.waiting_for(desk.carl)) == [request]
    assert list(queries.waiting_for(desk.mia)) == []
    assert list(queries.waiting_for(make_operator("nobody"))) == []
    assert queries.may_decide(desk.carl, request)
    assert not queries.may_decide(desk.mia, request)


def test_shows_what_has_changed_since(desk: Desk) -> None:
    request = desk.ask()
    assert queries.changed_since(request) == {}
    desk.change_by_hand("changed")
    assert queries.changed_since(request) == {"name": ("old", "changed")}
    with guard.under(BY_THE_TEST):
        desk.group.delete()
    assert list(queries.changed_since(request)) == ["target"]


def test_an_unknown_action_cannot_be_asked_for(desk: Desk) -> None:
    with pytest.raises(UnknownAction):
        request_approval(action="no.such", parameters={}, reason=REASON, maker=desk.mia)
    assert not queries.may_decide(desk.carl, ApprovalRequest(action="no.such"))


def test_all_actions_are_listed_by_name(desk: Desk) -> None:
    names = [action.name for action in registry.actions()]
    assert names == sorted(names)
    assert RENAME in names


def test_a_decided_request_is_not_executed_again(desk: Desk) -> None:
    request = desk.approve(desk.ask())
    assert execute_request(request_id=request.id).executed_at == request.executed_at
