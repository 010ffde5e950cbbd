"""Read how a holder stands, anew where the last decision has ended."""

import uuid

from config.kernel import clock
from healthcode.decisions import queries
from healthcode.decisions.models import Decision
from healthcode.decisions.usecases.decide import decide_colour
from healthcode.decisions.values import Trigger
from healthcode.subjects import queries as subjects


def read_standing(*, holder_id: uuid.UUID) -> Decision | None:
    """The standing decision of a holder; None if they have no health code yet.

    Opens no transaction of its own: reading, which phones do all day, takes no lock.
    """
    try:
        subject = subjects.subject_of(holder_id)
    except subjects.SubjectUnknown:
        return None
    return standing_decision(subject_id=subject.id)


def standing_decision(*, subject_id: uuid.UUID) -> Decision:
    """The standing decision of a subject; made anew where there is none or it has ended."""
    head = queries.head_of(subject_id)
    if head is None:
        return decide_colour(subject_id=subject_id, trigger=Trigger.REQUEST)
    until = head.decision.valid_until
    if until is not None and until <= clock.now():
        return decide_colour(subject_id=subject_id, trigger=Trigger.TIME)
    return head.decision
