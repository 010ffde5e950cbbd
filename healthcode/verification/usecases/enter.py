"""Come in or leave: the check-in, and who is inside."""

from datetime import datetime

from config.kernel import transactions
from healthcode.subjects.models import Subject
from healthcode.subjects.rules import ZONE
from healthcode.verification import queries, rules
from healthcode.verification.models import CheckIn, Inside, Venue
from healthcode.verification.values import PROVEN, Direction, Method, Presence


def has_room(*, venue: Venue, subject: Subject | None, at: datetime) -> bool:
    """Whether one more may be inside; who was seen inside may always show themselves.

    Counted are people whom a gate or the staff saw: scans of a photograph, however many, keep
    nobody out. Holds the venue locked until the caller's commit.

    Locks: the venue, where it has a capacity.
    """
    transactions.require()
    if venue.capacity is None:
        return True
    Venue.objects.select_for_update().get(id=venue.id)
    here = Inside.objects.filter(
        venue=venue, subject=subject, forget_at__gt=at, presence__in=PROVEN
    )
    if subject is not None and here.exists():
        return True
    return queries.occupancy(venue.id, at=at, proven=True) < venue.capacity


def enter(
    *,
    venue: Venue,
    subject: Subject,
    method: Method,
    presence: Presence,
    direction: Direction,
    colour: str,
    at: datetime,
) -> CheckIn:
    """Write a check-in and who is inside; the same within a minute is the first one.

    Whether somebody may enter was decided before; leaving needs no leave.

    Locks: the subject.
    """
    transactions.require()
    Subject.objects.select_for_update().get(id=subject.id)
    latest = CheckIn.objects.filter(
        subject=subject,
        venue=venue,
        direction=direction,
        method=method,
        at__gt=at - rules.ONCE_WITHIN,
    ).first()
    if latest is not None:
        return latest
    if direction is Direction.OUT:
        # Who was seen inside is not out by saying so: a claim frees no place.
        rows = Inside.objects.filter(venue=venue, subject=subject)
        (rows if presence in PROVEN else rows.exclude(presence__in=PROVEN)).delete()
    else:
        _note_inside(venue, subject, presence, at)
    return CheckIn.objects.create(
        subject=subject,
        venue=venue,
        at=at,
        direction=direction,
        method=method,
        presence=presence,
        colour=colour,
        delete_after=at + rules.CHECKIN_KEPT,
    )


def _note_inside(venue: Venue, subject: Subject, presence: Presence, at: datetime) -> None:
    """A proof is never lost to a later claim, nor made to last longer by one."""
    times = {"since": at, "forget_at": rules.stay_end(at, venue.closes_at, zone=ZONE)}
    inside, is_new = Inside.objects.get_or_create(
        venue=venue, subject=subject, defaults={"presence": presence, **times}
    )
    if not is_new:
        proven = Presence(inside.presence) in PROVEN and inside.forget_at > at
        if proven and presence not in PROVEN:
            return
        inside.presence = presence
        inside.since, inside.forget_at = times["since"], times["forget_at"]
        inside.save(update_fields=["presence", "since", "forget_at"])
