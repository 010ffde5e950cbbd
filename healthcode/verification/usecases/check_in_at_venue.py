"""A person scans the code on a venue's wall."""

from datetime import timedelta

from config.kernel import clock, transactions
from healthcode.decisions import queries as decisions
from healthcode.decisions.models import Alarm
from healthcode.decisions.usecases.raise_alarm import raise_alarm
from healthcode.subjects.models import Subject
from healthcode.verification import queries, rules
from healthcode.verification.models import AccessLogEntry, CheckIn, Venue
from healthcode.verification.usecases.enter import enter, has_room
from healthcode.verification.values import AccessKind, Direction, Method, Presence

REMOTE_SCANS = "REMOTE_SCANS"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@transactions.atomic_retry
def check_in_at_venue(
    *, subject: Subject, venue_code: str, direction: Direction, method: Method = Method.SELF
) -> CheckIn:
    """Note that somebody says they came or went, or that a companion says it of them.

    The code may be a photograph scanned a thousand kilometres away: such a check-in is
    marked as merely claimed, becomes no evidence and changes no colour. Many of them from
    other cities within an hour call the operators.

    Raises:
        rules.VenueCodeInvalid, queries.VenueUnknown, rules.VenueCodeOutdated.
        rules.VenueFull: there is no room.

    Locks: the subject, then a venue that has a capacity.
    """
    Subject.objects.select_for_update().get(id=subject.id)
    at = clock.now()
    venue = queries.venue_by_code(venue_code, at=at)
    room = direction is Direction.OUT or has_room(venue=venue, subject=subject, at=at)
    if not room:
        raise rules.VenueFull(field="venue_code")
    colour = decisions.standing(subject.id, at=at).colour
    check_in = enter(
        venue=venue,
        subject=subject,
        method=method,
        presence=Presence.CLAIMED,
        direction=direction,
        colour=colour.value,
        at=at,
    )
    if check_in.at == at:
        AccessLogEntry.objects.create(
            subject=subject,
            at=at,
            kind=AccessKind.CHECKED_IN,
            by=venue.name,
            outcome=direction,
            colour=colour.value,
            delete_after=at + rules.ACCESS_LOG_KEPT,
        )
        _watch(venue, subject)
    return check_in


def _watch(venue: Venue, subject: Subject) -> None:
    """Call the operators, once a day and venue, about a code that is scanned from afar."""
    if subject.region[:4] == venue.region[:4]:
        return
    at = clock.now()
    scans = queries.remote_scans(venue, since=at - HOUR)
    if scans < rules.REMOTE_SCANS_AN_HOUR:
        return
    alarms = Alarm.objects.filter(kind=REMOTE_SCANS, at__gt=at - DAY, facts__venue=str(venue.id))
    if not alarms.exists():
        raise_alarm(kind=REMOTE_SCANS, facts={"venue": str(venue.id), "scans": scans})


@transactions.atomic_retry
def record_refused_scan(*, subject: Subject, code: str) -> None:
    """Write into the person's own log that a scan of a venue's code was refused, and why."""
    at = clock.now()
    AccessLogEntry.objects.create(
        subject=subject,
        at=at,
        kind=AccessKind.CHECKED_IN,
        by="",
        outcome="REFUSED",
        facts={"code": code},
        delete_after=at + rules.ACCESS_LOG_KEPT,
    )
