"""Appeals that fall overdue, and their decision under four eyes."""

import uuid
from datetime import datetime

from django.db.models import Min, QuerySet

from config.kernel import approvals, timetable
from healthcode.appeals import queries, rules
from healthcode.appeals.models import Appeal
from healthcode.appeals.usecases.decide_appeal import decide_appeal, mark_overdue
from healthcode.appeals.values import AppealState, Outcome
from healthcode.decisions import queries as decisions
from healthcode.decisions.models import Alarm

DECIDE = "health.decide_appeal"
MAY_DECIDE = "health_appeals.change_appeal"


def _undecided() -> QuerySet[Appeal]:
    return Appeal.objects.filter(
        overdue=False, state__in=[AppealState.OPEN, AppealState.UNDER_REVIEW]
    )


def _next_overdue() -> datetime | None:
    found: datetime | None = _undecided().aggregate(due=Min("due_at"))["due"]
    return found


@timetable.job("health.appeals_overdue", next_due=_next_overdue)
def raise_overdue(now: datetime) -> int:
    """Alarm about appeals that were not decided in time."""
    count = 0
    for appeal_id in list(_undecided().filter(due_at__lte=now).values_list("id", flat=True)):
        if mark_overdue(appeal_id=appeal_id):
            Alarm.objects.create(kind="APPEAL_OVERDUE", facts={"appeal": str(appeal_id)})
            count += 1
    return count


def _appeal(parameters: approvals.Parameters) -> Appeal:
    try:
        return queries.appeal(uuid.UUID(str(parameters.get("appeal"))))
    except ValueError as error:
        raise queries.AppealUnknown(field="appeal") from error


def state_of_appeal(parameters: approvals.Parameters) -> approvals.Facts:
    """Where the appeal and its person stand; a change of either makes a request stale."""
    found = _appeal(parameters)
    head = decisions.head_of(found.subject_id)
    return {"state": found.state, "colour": head.decision.colour if head else "UNKNOWN"}


def _effect(parameters: approvals.Parameters) -> approvals.Facts:
    outcome = rules.check_outcome(
        str(parameters.get("outcome", "")), str(parameters.get("text", ""))
    )
    rules.check_undecided(_appeal(parameters).state)
    if outcome is Outcome.UPHELD:
        return {"outcome": "the colour stays"}
    return {"outcome": "evidence is retracted and the colour decided anew"}


@approvals.action(
    DECIDE,
    title="Decide a correction",
    permission=MAY_DECIDE,
    maker_permission=MAY_DECIDE,
    state=state_of_appeal,
    effect=_effect,
)
def execute_decision(approved: approvals.Approved) -> approvals.Facts:
    """Put the decision of two operators into effect."""
    found = decide_appeal(
        appeal_id=_appeal(approved.parameters).id,
        outcome=Outcome(str(approved.parameters["outcome"])),
        text=str(approved.parameters["text"]),
        maker=approved.maker,
        checker=approved.checkers[0],
    )
    return {"appeal": str(found.id), "state": found.state}
