"""Somebody moves to another region."""

from typing import ClassVar

from config.kernel import clock, transactions
from config.kernel.errors import Refused
from healthcode.decisions.authority import Authority, Passage
from healthcode.decisions.residence import moves_among
from healthcode.decisions.usecases.change_evidence import Statement, report
from healthcode.evidence.queries import items_of
from healthcode.evidence.values import EvidenceKind, Source
from healthcode.subjects.models import Subject

# Each move adds a region whose rules are asked for four weeks.
MAX_MOVES = 5


class MovedTooOften(Refused):
    """So many moves within four weeks are none."""

    code: ClassVar[str] = "moved_too_often"
    message: ClassVar[str] = (
        "You have moved five times in four weeks. Declare a trip for a stay elsewhere."
    )


@transactions.atomic_retry
def relocate(*, subject: Subject, region: str) -> Subject:
    """Let somebody live in another region; the same region again is no move.

    The move is evidence: the rules of the region that is left count on for four weeks.

    Raises:
        MovedTooOften: the limit of moves is reached.

    Locks: the subject.
    """
    subject = Subject.objects.select_for_update().get(id=subject.id)
    if region == subject.region:
        return subject
    now = clock.now()
    if len(moves_among(items_of(subject.id, at=now), at=now)) >= MAX_MOVES:
        raise MovedTooOften(field="region", limit=MAX_MOVES)
    record_move(
        authority=Authority(Passage.SELF_REPORT), subject=subject, left=subject.region, to=region
    )
    subject.region = region
    subject.save(update_fields=["region"])
    return subject


@transactions.atomic_retry
def record_move(*, authority: Authority, subject: Subject, left: str, to: str) -> None:
    """Take down that somebody has left one region for another, now."""
    now = clock.now()
    report(
        authority=authority,
        statement=Statement(
            subject_id=subject.id,
            kind=EvidenceKind.RELOCATION,
            source=Source.SELF,
            source_ref=f"move:{subject.id}:{now.isoformat()}:{to}",
            observed_at=now,
            payload={"from": left, "to": to},
        ),
    )
