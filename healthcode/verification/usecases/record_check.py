"""Check whether there is room, and record one check with its result."""

import uuid
from dataclasses import replace

from config.kernel import transactions
from healthcode.subjects.models import Subject
from healthcode.verification.models import Terminal
from healthcode.verification.usecases.enter import has_room
from healthcode.verification.usecases.record_checks import CheckResult, GateCheck, record_checks
from healthcode.verification.values import Direction, Verdict


def _locked(subject_id: uuid.UUID | None) -> Subject | None:
    if subject_id is None:
        return None
    return Subject.objects.select_for_update().filter(id=subject_id).first()


@transactions.atomic_retry
def record_check(*, terminal: Terminal, check: GateCheck) -> CheckResult:
    """Record a check; whoever would be one too many gets FULL.

    Locks: the subject and the venue, where the venue has a capacity.
    """
    result = check.result
    entering = result.verdict is Verdict.ADMITTED and check.direction is Direction.IN
    if entering and terminal.venue.capacity is not None:
        subject = _locked(result.subject_id)
        if not has_room(venue=terminal.venue, subject=subject, at=result.at):
            result = replace(result, verdict=Verdict.FULL, reason="venue_full")
    record_checks([replace(check, result=result)])
    return result
