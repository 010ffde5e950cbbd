"""Tracing under six eyes, and its end."""

import uuid
from datetime import datetime

from django.db.models import Min

from config.kernel import approvals, clock, timetable
from healthcode.tracing import queries, rules
from healthcode.tracing.models import TraceCase, TraceMatch
from healthcode.tracing.usecases.trace import (
    check_ground,
    confirm_contacts,
    expire_cases,
    trace_contacts,
)
from healthcode.tracing.values import Wish

TRACE = "health.trace_contacts"
CONFIRM = "health.confirm_contacts"
MAY_ASK = "health_tracing.add_tracecase"
MAY_APPROVE = "health_tracing.approve_tracecase"


def _next_expiry() -> datetime | None:
    found: datetime | None = TraceCase.objects.aggregate(due=Min("due_at"))["due"]
    return found


@timetable.job("health.expire_traces", next_due=_next_expiry)
def expire(now: datetime) -> int:
    """Forget whom old cases found."""
    return expire_cases(now=now)


def wish_of(parameters: approvals.Parameters) -> Wish:
    """Read a wish.

    Raises:
        rules.TraceRefused: it cannot be read.
    """
    try:
        return Wish(
            subject_id=uuid.UUID(str(parameters["subject"])),
            evidence_id=uuid.UUID(str(parameters["evidence"])),
            case_ref=str(parameters["case_ref"]),
            purpose=str(parameters["purpose"]),
            begins_at=_moment(parameters["begins_at"]),
            ends_at=_moment(parameters["ends_at"]),
            minutes=int(str(parameters["minutes"])),
        )
    except (KeyError, ValueError) as error:
        raise rules.TraceRefused(field="parameters") from error


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError("a moment names its zone")
    return moment


def _state(parameters: approvals.Parameters) -> approvals.Facts:
    wish = wish_of(parameters)
    return {"found ill": queries.is_ground(wish.subject_id, wish.evidence_id)}


def _effect(parameters: approvals.Parameters) -> approvals.Facts:
    wish = wish_of(parameters)
    check_ground(wish, now=clock.now())
    people = {stay.subject_id for stay in queries.shared_stays(wish)}
    rules.check_people(len(people))
    return {
        "case": wish.case_ref,
        "people found now": len(people),
        "each": "is told, gets evidence venue_overlap (never red), and is forgotten after 14 days",
    }


@approvals.action(
    TRACE,
    title="Trace contacts",
    permission=MAY_APPROVE,
    maker_permission=MAY_ASK,
    state=_state,
    effect=_effect,
    checkers=2,
    by_role=True,
)
def execute_trace(approved: approvals.Approved) -> approvals.Facts:
    """Carry out what three people have looked at."""
    case = trace_contacts(
        wish=wish_of(approved.parameters),
        maker=approved.maker,
        checkers=approved.checkers,
        approval_id=approved.request_id,
    )
    return {"case": str(case.id), "people": case.people}


def _named(parameters: approvals.Parameters) -> tuple[uuid.UUID, list[uuid.UUID]]:
    named = parameters.get("matches")
    try:
        matches = [uuid.UUID(str(row)) for row in (named if isinstance(named, list) else [])]
        return uuid.UUID(str(parameters.get("case"))), matches
    except ValueError as error:
        raise rules.TraceRefused(field="matches") from error


def _case_state(parameters: approvals.Parameters) -> approvals.Facts:
    case_id, matches = _named(parameters)
    found = TraceMatch.objects.filter(case_id=case_id, id__in=matches).count()
    if not found or found != len(set(matches)):
        raise rules.TraceRefused(field="matches")
    return {"found in the case": found}


def _confirm_effect(parameters: approvals.Parameters) -> approvals.Facts:
    return {"people": "count as close contacts, which may turn them red; they are told"}


@approvals.action(
    CONFIRM,
    title="Confirm close contacts",
    permission=MAY_APPROVE,
    maker_permission=MAY_ASK,
    state=_case_state,
    effect=_confirm_effect,
    checkers=2,
    by_role=True,
)
def execute_confirmation(approved: approvals.Approved) -> approvals.Facts:
    """Make contacts of whom three people have looked at."""
    case_id, matches = _named(approved.parameters)
    number = confirm_contacts(
        case_id=case_id, matches=matches, maker=approved.maker, checkers=approved.checkers
    )
    return {"confirmed": number}
