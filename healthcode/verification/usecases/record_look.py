"""See whether there is room, and write down one look with what came of it."""

import uuid
from dataclasses import replace

from config.kernel import transactions
from healthcode.subjects.models import Subject
from healthcode.verification.models import Terminal
from healthcode.verification.usecases.enter import has_room
from healthcode.verification.usecases.record_looks import GateLook, Seen, record_looks
from healthcode.verification.values import Direction, Verdict


def _locked(subject_id: uuid.UUID | None) -> Subject | None:
    if subject_id is None:
        return None
    return Subject.objects.select_for_update().filter(id=subject_id).first()


@transactions.atomic_retry
def record_look(*, terminal: Terminal, look: GateLook) -> Seen:
    """Record a look; whoever would be one too many is told that the house is full.

    Locks: the subject and the venue, where the venue has a capacity.
    """
    seen = look.seen
    entering = seen.verdict is Verdict.ADMITTED and look.direction is Direction.IN
    if entering and terminal.venue.capacity is not None:
        subject = _locked(seen.subject_id)
        if not has_room(venue=terminal.venue, subject=subject, at=seen.at):
            seen = replace(seen, verdict=Verdict.FULL, reason="venue_full")
    record_looks([replace(look, seen=seen)])
    return seen
