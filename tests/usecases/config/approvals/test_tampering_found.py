"""What gets past the triggers of requests, votes and the audit log is found, by its name."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import models

from config.kernel.approvals.models import ApprovalRequest, ApprovalVote
from config.kernel.approvals.reject import reject_request
from config.kernel.approvals.request import request_approval
from config.kernel.approvals.values import Status
from config.kernel.approvals.withdraw import withdraw_request
from config.kernel.audit import anchors, chain
from config.kernel.audit.anchors import Anchor
from config.kernel.audit.models import AuditEvent, AuditHead, AuditRoot
from tests.factories.approval_cases import CASES
from tests.factories.approvals import RENAME_BY_TWO, Desk
from tests.factories.clock import advance
from tests.factories.operators import make_checker, make_maker
from tests.factories.tampering import other_value, refused, run, without_triggers

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
REQUEST, VOTE = ApprovalRequest._meta.db_table, ApprovalVote._meta.db_table
EVENT, HEAD, ROOT = (model._meta.db_table for model in (AuditEvent, AuditHead, AuditRoot))
WORDS = {REQUEST: "approval ", VOTE: "vote", EVENT: "row", ROOT: "root", HEAD: "head"}
COLUMNS = [
    (model, field.column)
    for model in (ApprovalRequest, ApprovalVote, AuditEvent, AuditRoot, AuditHead)
    for field in model._meta.fields
]


@pytest.fixture
def desk() -> Desk:
    """Something that two approved and that was done, and a signed root over it."""
    desk = Desk()
    request = desk.ask(action=RENAME_BY_TWO)
    desk.approve(request)
    desk.approve(request, make_checker("dora", RENAME_BY_TWO))
    chain.sign_root(request.requested_at.date())
    head = AuditHead.objects.get()
    anchors.raise_mark(Anchor(head.seq, head.hash))  # what a commit does; tests do not commit
    return desk


def first(table: str) -> str:
    """The condition of one row; of requests and votes there are few, of others the last."""
    key = {VOTE: "id", EVENT: "seq"}.get(table)
    return "" if key is None else f" WHERE {key} = (SELECT max({key}) FROM {table})"


def test_nothing_is_found_where_nothing_was_done(desk: Desk) -> None:
    assert ApprovalRequest.objects.get().status == Status.EXECUTED
    assert chain.verify().breaks == []


@pytest.mark.parametrize(
    ("model", "column"),
    COLUMNS,
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_every_edited_column_is_found(desk: Desk, model: type[models.Model], column: str) -> None:
    table = model._meta.db_table
    field = next(field for field in model._meta.fields if field.column == column)
    changed = other_value(field, key=desk.carl.pk if column != "checker_id" else desk.mia.pk)
    with without_triggers():
        if refused(f"UPDATE {table} SET {column} = %s{first(table)}", changed):
            return  # a constraint stands behind the triggers
        found = chain.verify().breaks
    assert any(WORDS[table] in line for line in found), found


@pytest.mark.parametrize("table", [REQUEST, VOTE, EVENT, ROOT, HEAD])
def test_a_table_that_was_emptied_is_found(
    desk: Desk, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "ROOT_OVERDUE", timedelta(0))  # as if the log were older
    with without_triggers():
        run(f"DELETE FROM {table}")
        found = chain.verify().breaks
    assert any(WORDS[table] in line for line in found), found


def test_a_vote_that_was_taken_out_is_found(desk: Desk) -> None:
    name = ApprovalRequest.objects.get().id
    with without_triggers():
        run(f"DELETE FROM {VOTE}{first(VOTE)}")
        assert chain.verify().breaks == [f"approval {name} has 1 votes, the audit log says 2"]


def test_a_vote_that_was_put_in_is_found(desk: Desk) -> None:
    waiting = desk.ask()
    run_sql = f"INSERT INTO {VOTE} (request_id, maker_id, checker_id, approves, comment, voted_at)"
    with without_triggers():
        run(
            f"{run_sql} SELECT id, maker_id, %s, %s, '', requested_at FROM {REQUEST}"
            " WHERE status = 'PENDING'",
            desk.carl.pk,
            True,
        )
        found = chain.verify().breaks
    assert f"the vote of carl on approval {waiting.id} was not given like this" in found


def test_votes_that_changed_places_are_found(desk: Desk) -> None:
    low, high = ApprovalVote.objects.order_by("id").values_list("id", flat=True)
    with without_triggers():
        for was, becomes in ((low, 0), (high, low), (0, high)):
            run(f"UPDATE {VOTE} SET id = %s WHERE id = %s", becomes, was)
        found = chain.verify().breaks
    assert len([line for line in found if "was not given like this" in line]) == 2


def test_a_request_that_nobody_asked_for_is_found(desk: Desk) -> None:
    columns = [str(field.column) for field in ApprovalRequest._meta.fields if field.name != "id"]
    names = ", ".join(columns)
    with without_triggers():
        run(f"INSERT INTO {REQUEST} (id, {names}) SELECT %s, {names} FROM {REQUEST}", "a" * 32)
        found = chain.verify().breaks
    assert any("was never asked for" in line and "aaaaaaaa" in line for line in found)


def test_an_audit_log_that_was_emptied_tells_by_its_requests_as_well(desk: Desk) -> None:
    with without_triggers():
        for table in (EVENT, HEAD, ROOT):
            run(f"DELETE FROM {table}")
        found = chain.verify().breaks
    assert any("anchored outside, is gone" in line for line in found)
    assert any("was never asked for" in line for line in found)


def test_the_command_names_what_it_found(desk: Desk) -> None:
    name = ApprovalRequest.objects.get().id
    told = io.StringIO()
    with without_triggers():
        run(f"UPDATE {REQUEST} SET reason = 'because the chief said so'")
        with pytest.raises(CommandError):
            call_command("verify_audit", stdout=told)
    report: dict[str, Any] = json.loads(told.getvalue())
    assert report["breaks"] == [f"approval {name} was edited after it was asked for"]


def test_every_ending_of_a_request_agrees_with_the_log() -> None:
    desk = Desk()
    withdraw_request(request_id=desk.ask().id, maker=desk.mia)
    reject_request(request_id=desk.ask(name="other").id, checker=desk.cleo, comment="no")
    desk.approve(desk.ask(name="forbidden later"))
    assert ApprovalRequest.objects.exclude(status=Status.PENDING).count() == 3
    assert chain.verify().breaks == []


@pytest.mark.slow
@pytest.mark.parametrize("action", CASES)
def test_every_action_is_told_as_it_is_kept(action: str) -> None:
    asked = request_approval(
        action=action,
        parameters=CASES[action]().parameters,
        reason="asked to be compared",
        maker=make_maker("mia", action),
    )
    advance(seconds=0)  # some cases let days pass: the anchors and roots due meanwhile
    assert chain.verify().breaks == [], asked.action


def test_taking_the_triggers_off_is_what_lets_the_edit_in(desk: Desk) -> None:
    assert refused(f"UPDATE {REQUEST} SET effect = %s", '{"other": 1}')
    with without_triggers():
        assert not refused(f"UPDATE {REQUEST} SET effect = %s", '{"other": 1}')
    assert refused(f"UPDATE {REQUEST} SET effect = %s", '{"other": 1}')
