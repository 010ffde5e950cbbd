"""Tracing under six eyes, and its end."""

import uuid
from datetime import datetime

from config.kernel import approvals, clock, timetable
from config.kernel.due_times import Earliest
from config.kernel.words import name_codes
from healthcode.evidence.labels import evidence_links
from healthcode.subjects.labels import alias_of, subject_link, subjects_of
from healthcode.tracing import queries, rules
from healthcode.tracing.models import TraceCase, TraceMatch
from healthcode.tracing.usecases.trace import (
    check_ground,
    confirm_contacts,
    expire_cases,
    trace_contacts,
)
from healthcode.tracing.values import TracePurpose, Wish

TRACE = "health.trace_contacts"
CONFIRM = "health.confirm_contacts"
name_codes({purpose.value: purpose.value.replace("_", " ") for purpose in TracePurpose})

# When the next case's time is over.
_next_expiry = Earliest(TraceCase.objects.all, "due_at")


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
        subject_id = uuid.UUID(str(parameters["subject"]))
        people = subjects_of([subject_id])
        return Wish(
            subject_id=people[0].id if people else subject_id,
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
    return {
        "found ill": queries.is_ground(wish.subject_id, wish.evidence_id),
        "case traced already": TraceCase.objects.filter(case_ref=wish.case_ref).exists(),
    }


def check_trace(parameters: approvals.Parameters) -> None:
    """A sound wish, somebody found ill, and no more people than a case may name."""
    wish = wish_of(parameters)
    check_ground(wish, now=clock.now())
    rules.check_people(len(_found(wish)))


def _found(wish: Wish) -> set[uuid.UUID]:
    return {stay.subject_id for stay in queries.shared_stays(wish)}


def _effect(parameters: approvals.Parameters) -> approvals.Facts:
    return {
        "people found now": len(_found(wish_of(parameters))),
        "each": "is told, gets evidence venue_overlap (never red), and is forgotten after 14 days",
    }


def show_ill(parameters: approvals.Parameters) -> approvals.Facts:
    """Whose contacts."""
    people = subjects_of([wish_of(parameters).subject_id])
    return {"contacts of": [subject_link(subject) for subject in people]}


def show_finding(parameters: approvals.Parameters) -> approvals.Facts:
    """What shows that they are ill."""
    return {"found ill by": evidence_links([wish_of(parameters).evidence_id]) or "nothing"}


def show_window(parameters: approvals.Parameters) -> approvals.Facts:
    """When."""
    wish = wish_of(parameters)
    return {"window": f"{wish.begins_at:%Y-%m-%d %H:%M %Z} to {wish.ends_at:%Y-%m-%d %H:%M %Z}"}


def show_minutes(parameters: approvals.Parameters) -> approvals.Facts:
    """How long together counts."""
    return {"together for at least": f"{parameters.get('minutes')} minutes"}


def show_case_number(parameters: approvals.Parameters) -> approvals.Facts:
    """The case's number."""
    return {"case number": parameters.get("case_ref")}


def show_purpose(parameters: approvals.Parameters) -> approvals.Facts:
    """What it is for."""
    return {"purpose": parameters.get("purpose")}


def by_alias(parameters: approvals.Parameters) -> approvals.Parameters:
    """A request as it is kept: the person by their alias."""
    return {**parameters, "subject": alias_of(parameters.get("subject"))}


def target_trace(parameters: approvals.Parameters) -> str:
    """The case's number."""
    return f"trace:{wish_of(parameters).case_ref}"


@approvals.action(
    TRACE,
    title="Trace contacts",
    parameters={
        "subject": show_ill,
        "evidence": show_finding,
        "case_ref": show_case_number,
        "purpose": show_purpose,
        "begins_at": show_window,
        "ends_at": show_window,
        "minutes": show_minutes,
    },
    target=target_trace,
    state=_state,
    check=check_trace,
    effect=_effect,
    checkers=2,
    stored=by_alias,
)
def execute_trace(approved: approvals.Approved) -> approvals.Facts:
    """Carry out what three people have looked at."""
    case = trace_contacts(
        wish=wish_of(approved.parameters),
        **approved.signatures,
    )
    return {"case": str(case.id), "people": case.people}


def _named(parameters: approvals.Parameters) -> tuple[uuid.UUID, list[uuid.UUID]]:
    names = parameters.get("matches")
    try:
        matches = [uuid.UUID(str(row)) for row in (names if isinstance(names, list) else [])]
        return uuid.UUID(str(parameters.get("case"))), matches
    except ValueError as error:
        raise rules.TraceRefused(field="matches") from error


def _matches(parameters: approvals.Parameters) -> list[TraceMatch]:
    case_id, matches = _named(parameters)
    rows = TraceMatch.objects.filter(case_id=case_id, id__in=matches)
    trace_matches = list(rows.select_related("subject", "venue").order_by("id"))
    if not trace_matches or len(trace_matches) != len(set(matches)):
        raise rules.TraceRefused(field="matches")
    return trace_matches


def _case_state(parameters: approvals.Parameters) -> approvals.Facts:
    matches = _matches(parameters)
    confirmed = sum(match.contact for match in matches)
    return {"found in the case": len(matches), "confirmed already": confirmed}


def show_case(parameters: approvals.Parameters) -> approvals.Facts:
    """Which search."""
    case_id, _ = _named(parameters)
    case = TraceCase.objects.filter(id=case_id).first()
    if case is None:
        raise rules.TraceRefused(field="case")
    link = approvals.Link(case.case_ref, "health_tracing.TraceCase", str(case.id))
    return {"case": link, "purpose": case.purpose}


def show_matches(parameters: approvals.Parameters) -> approvals.Facts:
    """Who, where and when."""
    return {
        f"contact {number}": [
            subject_link(match.subject),
            f"{match.venue.name}, {match.begins_at:%Y-%m-%d %H:%M} to {match.ends_at:%H:%M %Z}",
        ]
        for number, match in enumerate(_matches(parameters), start=1)
    }


def check_contacts(parameters: approvals.Parameters) -> None:
    """Only those whom the case has found."""
    _matches(parameters)


def _confirm_effect(parameters: approvals.Parameters) -> approvals.Facts:
    people = len({match.subject_id for match in _matches(parameters)})
    return {
        "people": people,
        "each": "counts as a close contact, which may turn them red, and is told",
    }


def target_case(parameters: approvals.Parameters) -> str:
    """The search."""
    return f"trace_case:{_named(parameters)[0]}"


@approvals.action(
    CONFIRM,
    title="Confirm close contacts",
    parameters={"case": show_case, "matches": show_matches},
    target=target_case,
    state=_case_state,
    check=check_contacts,
    effect=_confirm_effect,
    checkers=2,
)
def execute_confirmation(approved: approvals.Approved) -> approvals.Facts:
    """Make contacts of whom three people have looked at."""
    case_id, matches = _named(approved.parameters)
    number = confirm_contacts(
        case_id=case_id, matches=matches, maker=approved.maker, checkers=approved.checkers
    )
    return {"confirmed": number}
