"""A person scans the code on a venue's wall."""

from datetime import timedelta

from config.kernel import clock, transactions
from healthcode.decisions import queries as decisions
from healthcode.subjects.models import Subject
from healthcode.verification import queries, rules
from healthcode.verification.models import CheckIn, Look
from healthcode.verification.values import Direction, LookKind, Method

# The same scan twice in a breath is one check-in.
ONCE_WITHIN = timedelta(seconds=60)


@transactions.atomic_retry
def check_in_at_venue(*, subject: Subject, venue_code: str, direction: Direction) -> CheckIn:
    """Note that somebody says they came or went.

    The code may be a photograph scanned a thousand kilometres away: such a check-in is
    marked as made by oneself, becomes no evidence and changes no colour.

    Raises:
        rules.VenueCodeInvalid, queries.VenueUnknown, rules.VenueCodeOutdated.

    Locks: the subject.
    """
    Subject.objects.select_for_update().get(id=subject.id)
    venue = queries.venue_by_code(venue_code)
    at = clock.now()
    known = CheckIn.objects.filter(
        subject=subject,
        venue=venue,
        direction=direction,
        method=Method.SELF,
        at__gt=at - ONCE_WITHIN,
    ).first()
    if known is not None:
        return known
    colour = decisions.standing(subject.id, at=at).colour
    Look.objects.create(
        subject=subject,
        at=at,
        kind=LookKind.CHECKED_IN,
        by=venue.name,
        outcome=direction,
        colour=colour.value,
        delete_after=at + rules.LOOK_KEPT,
    )
    return CheckIn.objects.create(
        subject=subject,
        venue=venue,
        at=at,
        direction=direction,
        method=Method.SELF,
        colour=colour.value,
        delete_after=at + rules.CHECKIN_KEPT,
    )
