"""Guardianships: decided under four eyes, ended by time."""

from datetime import datetime

from config.kernel import approvals, timetable
from config.kernel.audit import walls
from config.kernel.due_times import Earliest
from config.kernel.outbox.consumers import subscribe
from config.kernel.outbox.models import OutboxEvent
from healthcode.subjects import queries, rules
from healthcode.subjects.labels import subject_link
from healthcode.subjects.models import Guardianship
from healthcode.subjects.usecases.decide_guardianship import (
    approve_guardianship,
    close_guardianship,
)
from healthcode.subjects.usecases.register_subject import ABANDONED
from healthcode.subjects.values import OPEN_STATES, GuardianshipState

APPROVE = "health.approve_guardianship"
BATCH = 200


# When the next guardianship ends, lapses, or is forgotten.
next_end = Earliest(Guardianship.objects.all, "due_at")


walls.wall_of_area("health", permission="health_subjects.view_subject")


@timetable.job("health.end_guardianships", next_due=next_end)
def end_guardianships(now: datetime) -> int:
    """End what is over and forget what has been over for long."""
    due = Guardianship.objects.filter(due_at__lte=now).order_by("due_at", "id")
    rows = list(due.values_list("id", "state")[:BATCH])
    for guardianship_id, state in rows:
        if state in OPEN_STATES:
            close_guardianship(
                guardianship_id=guardianship_id,
                state=GuardianshipState.EXPIRED,
                actor="system:health",
            )
    over = [guardianship_id for guardianship_id, state in rows if state not in OPEN_STATES]
    Guardianship.objects.filter(id__in=over, due_at__lte=now).delete()
    return len(rows)


@subscribe(ABANDONED, name="health.end_former_holders_care")
def end_care(event: OutboxEvent) -> None:
    """End what somebody did for others under an identity that was not theirs."""
    owner = queries.subject_of_event(event, "owner")
    if owner is None:
        return
    rows = Guardianship.objects.filter(
        guardian=owner,
        created_at__lte=datetime.fromisoformat(str(event.payload["at"])),
        state__in=OPEN_STATES,
    )
    for guardianship_id in list(rows.values_list("id", flat=True)):
        close_guardianship(
            guardianship_id=guardianship_id,
            state=GuardianshipState.ENDED,
            actor="system:health",
        )


def _row(parameters: approvals.Parameters) -> Guardianship:
    return queries.guardianship(
        approvals.id_in(parameters, "guardianship", queries.GuardianshipUnknown)
    )


def state_of_guardianship(parameters: approvals.Parameters) -> approvals.Facts:
    """Where it stands; of the people as little as can be compared with the papers."""
    row = _row(parameters)
    guardian, dependent = queries.name_hints(row)
    return {
        "state": str(row.state), "guardian": guardian, "dependent": dependent,
        "relation": str(row.relation), "proof": str(row.proof),
    }  # fmt: skip


def show_guardianship(parameters: approvals.Parameters) -> approvals.Facts:
    """Who for whom, on what proof, and where to compare it with the papers."""
    row = _row(parameters)
    guardian, dependent = queries.name_hints(row)
    return {
        "guardian": subject_link(row.guardian),
        "dependent": dependent or "name unknown",
        "relation": str(row.relation),
        "proof": str(row.proof),
        "papers": approvals.Link(
            f"application of {guardian or 'the guardian'}, {row.created_at:%Y-%m-%d}",
            "health_subjects.Guardianship",
            str(row.id),
        ),
    }


def check_undecided(parameters: approvals.Parameters) -> None:
    """Only what was applied for and not decided can be granted."""
    rules.check_requested(_row(parameters).state)


def _effect(parameters: approvals.Parameters) -> approvals.Facts:
    row = _row(parameters)
    return {
        "guardianship": approvals.change(row.state, "granted"),
        "the guardian": "may declare for the dependent and show their code",
        "until": f"{row.valid_until:%Y-%m-%d %H:%M} at the latest",
        "the dependent": "is told, and asked first if they hold a code of their own",
    }


def target_guardianship(parameters: approvals.Parameters) -> str:
    """The guardianship."""
    return f"guardianship:{_row(parameters).id}"


@approvals.action(
    APPROVE,
    title="Grant a guardianship",
    parameters={"guardianship": show_guardianship},
    target=target_guardianship,
    state=state_of_guardianship,
    check=check_undecided,
    effect=_effect,
)
def execute_approval(approved: approvals.Approved) -> approvals.Facts:
    """Grant what two operators have looked at."""
    row = approve_guardianship(
        guardianship_id=_row(approved.parameters).id,
        maker=approved.maker,
        checker=approved.checkers[0],
    )
    return {"state": str(row.state), "until": row.valid_until.isoformat()}
