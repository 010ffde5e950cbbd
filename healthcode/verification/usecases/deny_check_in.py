"""A person says of a check-in: I was not there."""

import uuid

from config.kernel import clock, transactions
from healthcode.decisions.models import Alarm
from healthcode.decisions.usecases.raise_alarm import raise_alarm
from healthcode.subjects.models import Subject
from healthcode.verification import rules
from healthcode.verification.models import CheckIn
from healthcode.verification.values import PROVEN

DENIED = "CHECKIN_DENIED"


@transactions.atomic_retry
def deny_check_in(*, subject: Subject, check_in_id: uuid.UUID) -> CheckIn:
    """Note that somebody says they were not where a check-in has them; again changes nothing.

    From then on nothing is concluded from it: tracing and footfall pass it over. Where a gate
    made it, either somebody showed their code or the gate did not tell the truth: operators
    are called, once a venue and day, to look.

    Raises:
        rules.CheckInUnknown: they have no such check-in.

    Locks: the check-in.
    """
    row = (
        CheckIn.objects.select_for_update(of=("self",))
        .select_related("venue__policy")
        .filter(id=check_in_id, subject=subject)
        .first()
    )
    if row is None:
        raise rules.CheckInUnknown(field="id")
    if row.denied_at is None:
        row.denied_at = clock.now()
        row.save(update_fields=["denied_at"])
        if row.presence in PROVEN:
            _call(row)
    return row


def _call(row: CheckIn) -> None:
    at = clock.now()
    alarms = Alarm.objects.filter(
        kind=DENIED, at__gt=at - rules.DAY, facts__venue=str(row.venue_id)
    )
    if not alarms.exists():
        raise_alarm(kind=DENIED, facts={"venue": str(row.venue_id), "method": row.method}, at=at)
