"""What venues' records do by themselves: they are forgotten."""

from datetime import datetime

from config.kernel import timetable
from config.kernel.due_times import Earliest
from config.kernel.outbox.consumers import subscribe
from config.kernel.outbox.models import OutboxEvent
from healthcode.decisions.models import Notice
from healthcode.decisions.values import NoticeKind
from healthcode.subjects.models import Guardianship
from healthcode.subjects.queries import name_hints
from healthcode.subjects.usecases.decide_guardianship import CHANGED as GUARDIANSHIP
from healthcode.verification.models import Venue
from healthcode.verification.usecases.purge import next_purge, purge_visits
from healthcode.verification.usecases.register_venue import rotate_due_codes


@timetable.job("health.purge_visits", next_due=next_purge)
def purge(now: datetime) -> int:
    """Delete check-ins after 14 days, access logs after 28, names on verifications after one."""
    return purge_visits(now=now)


@subscribe(GUARDIANSHIP, name="health.tell_guardianship")
def tell_guardianship(event: OutboxEvent) -> None:
    """Tell both sides of a guardianship what became of it."""
    row = Guardianship.objects.filter(id=str(event.payload["guardianship_id"])).first()
    if row is None:
        return
    guardian, dependent = name_hints(row)
    for subject_id, role, other in (
        (row.guardian_id, "guardian", dependent),
        (row.dependent_id, "dependent", guardian),
    ):
        if subject_id is not None:
            Notice.objects.create(
                subject_id=subject_id,
                kind=NoticeKind.GUARDIANSHIP,
                facts={
                    "state": event.payload["state"], "role": role, "other": other,
                    "relation": row.relation, "until": row.valid_until.isoformat(),
                },
            )  # fmt: skip


_next_rotation = Earliest(Venue.objects.all, "rotate_at")


@timetable.job("health.rotate_venue_codes", next_due=_next_rotation)
def rotate_codes(now: datetime) -> int:
    """Renew the codes on venues' screens."""
    return rotate_due_codes(now=now)
