"""Execution counts for itself: votes, entitlement, who made whom; and one broken stops none."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from config.kernel import clock, timetable
from config.kernel.access import guard
from config.kernel.access.guard import Authority
from config.kernel.alarms.models import Alarm
from config.kernel.approvals import execute, registry, rules
from config.kernel.approvals.execute import execute_request
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.reject import reject_request
from config.kernel.approvals.sponsors import record_sponsor
from config.kernel.approvals.steps import locked_request
from config.kernel.approvals.values import SponsorAct, Status
from config.kernel.audit.models import AuditEvent
from tests.factories.approvals import RENAME, RENAME_BY_TWO, Desk
from tests.factories.operators import make_maker, make_operator

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk()


def status_of(request: ApprovalRequest) -> tuple[str, str]:
    row = ApprovalRequest.objects.get(id=request.id)
    return row.status, row.failure_code


def left(desk: Desk) -> ApprovalRequest:
    """A request that its approver's process left as APPROVED."""
    return desk.approved_and_left()


def run() -> int:
    return timetable.run("approvals.execute", clock.now())


def test_a_request_without_votes_that_count_fails_with_an_alarm(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = left(desk)
    entry = registry.action_named(RENAME)
    monkeypatch.setitem(registry._actions, RENAME, replace(entry, checkers=2))
    run()
    assert status_of(request) == (Status.FAILED, "votes_missing")
    assert (Alarm.objects.get().kind, desk.name()) == ("approval_failed", "old")


def test_a_checker_who_lost_the_right_does_not_count(desk: Desk) -> None:
    request = left(desk)
    desk.take_rights(desk.carl)
    run()
    assert status_of(request) == (Status.FAILED, "checker_lacks_role")


def test_a_checker_who_may_ask_by_now_does_not_count(desk: Desk) -> None:
    request = left(desk)
    with guard.under(Authority("operator:root", "by hand", separate=False)):
        desk.carl.user_permissions.add(*desk.mia.user_permissions.all())
    run()
    assert status_of(request) == (Status.FAILED, "rights_not_separate")


def test_a_checker_whom_the_maker_promoted_does_not_count(desk: Desk) -> None:
    request = left(desk)
    record_sponsor(operator=desk.carl, sponsors=[desk.mia], act=SponsorAct.PROMOTED)
    run()
    assert status_of(request) == (Status.FAILED, "checker_made_by_maker")


def test_who_holds_both_rights_neither_asks_nor_approves(desk: Desk) -> None:
    both = make_operator("both", *(registry.right(verb, RENAME) for verb in ("ask", "approve")))
    with pytest.raises(rules.RightsNotSeparate):
        desk.ask(maker=both)
    with pytest.raises(rules.RightsNotSeparate):
        desk.approve(desk.ask(), both)


def test_the_makers_own_creature_does_not_approve(desk: Desk) -> None:
    record_sponsor(operator=desk.carl, sponsors=[desk.mia], act=SponsorAct.CREATED)
    with pytest.raises(rules.CheckerMadeByMaker):
        desk.approve(desk.ask())


def test_a_new_operator_waits_before_they_approve(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    root: User = make_operator("root", superuser=True)
    record_sponsor(operator=desk.carl, sponsors=[root], act=SponsorAct.CREATED)
    request = desk.ask()
    with pytest.raises(rules.CheckerTooNew):
        desk.approve(request)
    later = clock.now() + rules.COOLING - timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(rules.CheckerTooNew):
        desk.approve(request)
    monkeypatch.setattr(clock, "now", lambda: later + timedelta(minutes=1))
    assert desk.approve(desk.ask("later"), desk.cleo).status == Status.EXECUTED


@pytest.mark.parametrize("error", [IndexError("list index out of range"), KeyError("x")])
def test_one_broken_executor_stops_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    broken, good = left(desk), Desk.__new__(Desk)
    assert broken.status
    entry = registry.action_named(RENAME)

    def execute_broken(_: object) -> dict[str, object]:
        raise error

    monkeypatch.setitem(registry._actions, RENAME, replace(entry, execute=execute_broken))
    good.__dict__.update(desk.__dict__)
    other = good.ask(action=RENAME_BY_TWO)
    good.approve(other)
    run()
    good.approve(other, desk.cleo)
    assert status_of(broken) == (Status.FAILED, execute.BROKEN)
    assert status_of(other) == (Status.EXECUTED, "")
    assert Alarm.objects.get().facts["code"] == execute.BROKEN


def test_a_request_that_cannot_be_recorded_stops_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = left(desk)

    def locked(request_id: object) -> ApprovalRequest:
        raise RuntimeError("the row cannot be read")

    monkeypatch.setattr(execute, "locked_request", locked)
    assert run() == 0
    monkeypatch.setattr(execute, "locked_request", locked_request)
    assert run() == 1
    assert status_of(first) == (Status.EXECUTED, "")


def test_a_second_click_answers_as_the_first(desk: Desk) -> None:
    record_sponsor(operator=desk.cleo, sponsors=[desk.mia], act=SponsorAct.CREATED)
    request = desk.ask("refused")
    answers = [desk.approve(request) for _ in range(2)]
    assert [(row.status, row.failure_code) for row in answers] == [
        (Status.FAILED, "name_refused")
    ] * 2


def test_a_vote_stands(desk: Desk) -> None:
    request = desk.ask(action=RENAME_BY_TWO)
    desk.approve(request)
    with pytest.raises(rules.AlreadyVoted):
        reject_request(request_id=request.id, checker=desk.carl)
    assert reject_request(request_id=request.id, checker=desk.cleo).status == Status.REJECTED


def test_without_a_comment_the_checkers_words_are_none(desk: Desk) -> None:
    request = desk.ask(action=RENAME_BY_TWO)
    desk.approve(request)
    desk.approve(request, desk.cleo)
    rows = AuditEvent.objects.filter(target=f"approval:{request.id}").order_by("seq")
    assert [(row.action, row.actor, row.purpose) for row in rows][1:3] == [
        ("approval.voted", "operator:carl", "no comment"),
        ("approval.approved", "operator:cleo", "no comment"),
    ]
    assert rows[0].purpose == request.reason
    assert (rows[3].after or {})["result"]["name"] == "new"


def test_a_maker_who_is_blocked_meanwhile_still_has_asked(desk: Desk) -> None:
    request = desk.ask()
    make_maker("another", RENAME)
    assert execute_request(request_id=request.id).status == Status.PENDING
