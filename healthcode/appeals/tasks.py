"""Appeals that fall overdue, and their decision under four eyes."""

from datetime import datetime

from django.db.models import QuerySet

from config.kernel import approvals, timetable
from config.kernel.due_times import Earliest
from config.kernel.outbox.consumers import subscribe
from config.kernel.outbox.models import OutboxEvent
from healthcode.appeals import queries, rules
from healthcode.appeals.models import Appeal
from healthcode.appeals.usecases.decide_appeal import decide_appeal, mark_overdue
from healthcode.appeals.usecases.erase_person import erase_person
from healthcode.appeals.values import WORDS, AppealState, Outcome
from healthcode.decisions import queries as decisions
from healthcode.decisions.usecases.raise_alarm import raise_alarm
from healthcode.evidence.labels import evidence_links
from healthcode.subjects.labels import subject_link
from healthcode.subjects.queries import subject_of_event
from healthcode.subjects.usecases.register_subject import ABANDONED

DECIDE = "health.decide_appeal"


def _undecided() -> QuerySet[Appeal]:
    return Appeal.objects.filter(
        overdue=False, state__in=[AppealState.OPEN, AppealState.UNDER_REVIEW]
    )


# When the time to decide the next appeal is over.
_next_overdue = Earliest(_undecided, "due_at")


@timetable.job("health.appeals_overdue", next_due=_next_overdue)
def raise_overdue(now: datetime) -> int:
    """Alarm about appeals that were not decided in time."""
    count = 0
    for appeal_id in list(_undecided().filter(due_at__lte=now).values_list("id", flat=True)):
        if mark_overdue(appeal_id=appeal_id):
            raise_alarm(kind="APPEAL_OVERDUE", facts={"appeal": str(appeal_id)})
            count += 1
    return count


@subscribe(ABANDONED, name="health.erase_abandoned")
def erase_abandoned(event: OutboxEvent) -> None:
    """Erase what is left of a code whose holder has proven to be somebody else."""
    subject = subject_of_event(event)
    if subject is not None:
        erase_person(
            subject_id=subject.id,
            actor="system:health",
            purpose="its holder has proven another identity",
        )


def _appeal(parameters: approvals.Parameters) -> Appeal:
    return queries.appeal(approvals.id_in(parameters, "appeal", queries.AppealUnknown))


def state_of_appeal(parameters: approvals.Parameters) -> approvals.Facts:
    """Where the appeal and its person stand; a change of either makes a request stale."""
    appeal = _appeal(parameters)
    head = decisions.head_of(appeal.subject_id)
    return {
        "appeal": appeal.state,
        "colour": head.decision.colour if head else "UNKNOWN",
        "decision number": head.decision.seq if head else 0,
    }


def show_appeal(parameters: approvals.Parameters) -> approvals.Facts:
    """Whose correction, and what they say."""
    appeal = _appeal(parameters)
    head = decisions.head_of(appeal.subject_id)
    evidence = [appeal.evidence_id] if appeal.evidence_id else []
    return {
        "person": subject_link(appeal.subject),
        "appeal": approvals.Link(
            f"of {appeal.filed_at:%Y-%m-%d %H:%M %Z}", "health_appeals.Appeal", str(appeal.id)
        ),
        "present colour": head.decision.colour if head else "UNKNOWN",
        "grounds": appeal.grounds,
        "evidence disputed": evidence_links(evidence) or "all behind the colour",
    }


def show_outcome(parameters: approvals.Parameters) -> approvals.Facts:
    """What is proposed."""
    outcome = str(parameters.get("outcome"))
    return {"proposed": f"{WORDS.get(outcome, outcome)} ({outcome})"}


def show_text(parameters: approvals.Parameters) -> approvals.Facts:
    """What the person will read."""
    return {"text that is sent to the person": parameters.get("text")}


def check_decision(parameters: approvals.Parameters) -> None:
    """An undecided appeal, an outcome, and a text for the person."""
    rules.check_outcome(str(parameters.get("outcome") or ""), str(parameters.get("text") or ""))
    rules.check_undecided(_appeal(parameters).state)


def _effect(parameters: approvals.Parameters) -> approvals.Facts:
    appeal, outcome = _appeal(parameters), Outcome(str(parameters["outcome"]))
    upheld = outcome is Outcome.UPHELD
    return {
        "appeal": approvals.change(WORDS[appeal.state], WORDS[outcome]),
        "colour": "stays"
        if upheld
        else "by hand ends, or what it rests on is taken back and it is decided anew",
        "the person": "is told the text and what changed",
        "who coloured": "can neither propose nor approve this",
    }


def target_appeal(parameters: approvals.Parameters) -> str:
    """The appeal."""
    return f"appeal:{_appeal(parameters).id}"


@approvals.action(
    DECIDE,
    title="Decide a correction",
    parameters={"appeal": show_appeal, "outcome": show_outcome, "text": show_text},
    target=target_appeal,
    state=state_of_appeal,
    check=check_decision,
    effect=_effect,
)
def execute_decision(approved: approvals.Approved) -> approvals.Facts:
    """Put the decision of two operators into effect."""
    appeal = decide_appeal(
        appeal_id=_appeal(approved.parameters).id,
        outcome=Outcome(str(approved.parameters["outcome"])),
        text=str(approved.parameters["text"]),
        maker=approved.maker,
        checker=approved.checkers[0],
        approval_id=approved.request_id,
    )
    return {"appeal": str(appeal.id), "state": appeal.state}
