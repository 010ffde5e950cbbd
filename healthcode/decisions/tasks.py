"""What makes decisions happen: new evidence, time, missed check-ins, retention."""

import uuid
from datetime import datetime

from django.db.models import Q

from config.kernel import timetable
from config.kernel.due_times import Earliest
from config.kernel.outbox.consumers import subscribe
from config.kernel.outbox.models import OutboxEvent
from healthcode.decisions.actions import IMPORT_LIST, RECOLOUR, RECOLOUR_MANY
from healthcode.decisions.models import Head
from healthcode.decisions.usecases.count_decisions import count_decisions, next_count
from healthcode.decisions.usecases.decide import decide_colour
from healthcode.decisions.usecases.import_list import expire_lists, next_expiry
from healthcode.decisions.usecases.purge import (
    next_event_purge,
    next_purge,
    purge_events,
    purge_expired,
)
from healthcode.decisions.usecases.raise_stays import raise_stays
from healthcode.decisions.usecases.register_person import admit
from healthcode.decisions.usecases.shadow_run import shadow_run
from healthcode.decisions.usecases.watch_overrides import next_alarm, raise_alarms
from healthcode.decisions.values import Trigger
from healthcode.evidence.usecases.declare_risk_area import DECLARED
from healthcode.evidence.usecases.record_evidence import RECORDED
from healthcode.rules.publication import DRAFTED, PUBLISHED
from healthcode.subjects.queries import subject_of_event
from healthcode.subjects.usecases.register_subject import IDENTIFIED

BATCH = 200
WATCHED = (RECOLOUR, RECOLOUR_MANY, IMPORT_LIST)


@subscribe(RECORDED, name="health.recolour")
def recolour(event: OutboxEvent) -> None:
    """Decide again for the subject of new evidence."""
    subject = subject_of_event(event)
    if subject is not None:
        decide_colour(subject_id=subject.id, trigger=Trigger.EVIDENCE)


@subscribe(DECLARED, name="health.raise_stays")
def raise_declared_stays(event: OutboxEvent) -> None:
    """Let a region's level count for those who had been there before."""
    raise_stays(area_id=uuid.UUID(str(event.payload["area_id"])))


@subscribe(IDENTIFIED, name="health.admit")
def admit_identified(event: OutboxEvent) -> None:
    """Let what waited for a person count, whoever proved who they are."""
    subject = subject_of_event(event)
    if subject is not None and admit(subject=subject):
        decide_colour(subject_id=subject.id, trigger=Trigger.EVIDENCE)


@subscribe(PUBLISHED, name="health.plan_recolour")
def plan_recolour(event: OutboxEvent) -> None:
    """Look at everybody again when new rules take force."""
    moment = datetime.fromisoformat(str(event.payload["valid_from"]))
    later = Q(recolour_at__isnull=True) | Q(recolour_at__gt=moment)
    Head.objects.filter(later).update(recolour_at=moment)


@subscribe(DRAFTED, name="health.shadow_run")
def run_in_shadow(event: OutboxEvent) -> None:
    """Compare a new draft with the rules in force, for those who are to approve it."""
    shadow_run(draft_id=uuid.UUID(str(event.payload["draft_id"])))


# When the next colour is due to change.
_next_recolour = Earliest(Head.objects.all, "recolour_at")


@timetable.job("health.recolour_due", next_due=_next_recolour)
def recolour_due(now: datetime) -> int:
    """Decide again where a colour's end, or an override's, has come."""
    due = Head.objects.filter(recolour_at__lte=now).order_by("recolour_at")
    subjects = list(due.values_list("subject_id", flat=True)[:BATCH])
    for subject_id in subjects:
        decide_colour(subject_id=subject_id, trigger=Trigger.TIME)
    return len(subjects)


# When the next promised check-in is missed.
_next_sweep = Earliest(Head.objects.all, "checkin_due_at")


@timetable.job("health.sweep_missed_checkins", next_due=_next_sweep)
def sweep_missed_checkins(now: datetime) -> int:
    """Set the count of clean days back where a daily check-in was missed."""
    due = Head.objects.filter(checkin_due_at__lte=now).order_by("checkin_due_at")
    subjects = list(due.values_list("subject_id", flat=True)[:BATCH])
    for subject_id in subjects:
        decide_colour(subject_id=subject_id, trigger=Trigger.MISSED_CHECKIN)
    return len(subjects)


def _next_alarm() -> datetime | None:
    return next_alarm(actions=WATCHED)


@timetable.job("health.watch_overrides", next_due=_next_alarm)
def watch_overrides(now: datetime) -> int:
    """Raise an alarm about operators who ask for many colours."""
    return raise_alarms(actions=WATCHED, now=now)


@timetable.job("health.count_decisions", next_due=next_count)
def count(now: datetime) -> int:
    """Count decisions for the statistics, and notice where many reds come from."""
    return count_decisions(now=now)


@timetable.job("health.expire_lists", next_due=next_expiry)
def end_lists(now: datetime) -> int:
    """Take back what lists of people said whose time is over."""
    return expire_lists(now=now)


@timetable.job("health.purge", next_due=next_purge)
def purge(now: datetime) -> int:
    """Delete evidence and decisions whose retention has ended."""
    return purge_expired(now=now)


@timetable.job("health.purge_events", next_due=next_event_purge)
def purge_old_events(now: datetime) -> int:
    """Delete events of the health code whose effects were had a month ago."""
    return purge_events(now=now)
