"""Take what a terminal saw while it had no network."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from config.kernel import clock, transactions
from config.kernel.errors import InvalidRequest
from healthcode.verification.models import Terminal, Verification
from healthcode.verification.values import Verdict

KEPT_BY_TERMINAL = timedelta(days=7)
CLOCK_SKEW = timedelta(minutes=5)


class SeenAtImpossible(InvalidRequest):
    """A terminal cannot have seen something then."""

    code: ClassVar[str] = "seen_at_impossible"
    message: ClassVar[str] = "The moment lies in the future or more than seven days back."


@dataclass(frozen=True, slots=True)
class OfflineVerdict:
    """One verdict, without anything about the person. The terminal makes the id."""

    id: uuid.UUID
    at: datetime
    verdict: Verdict
    colour: str
    reason: str


@transactions.atomic_retry
def record_offline(*, terminal: Terminal, verdicts: Sequence[OfflineVerdict]) -> int:
    """Write down verdicts that a terminal came to by its lists alone.

    Safe to repeat: a verdict is known by its id. Nobody's access log can tell of them,
    for nothing in them says whose code it was.

    Returns:
        how many were not known yet.

    Raises:
        SeenAtImpossible: nothing is written.
    """
    now = clock.now()
    for number, verdict in enumerate(verdicts):
        if not now - KEPT_BY_TERMINAL <= verdict.at <= now + CLOCK_SKEW:
            raise SeenAtImpossible(field=f"verdicts.{number}.at")
    ids = set(
        Verification.objects.filter(id__in=[verdict.id for verdict in verdicts]).values_list(
            "id", flat=True
        )
    )
    fresh = {verdict.id: verdict for verdict in verdicts if verdict.id not in ids}
    Verification.objects.bulk_create(
        (
            Verification(
                id=verdict.id,
                at=verdict.at,
                terminal=terminal,
                verdict=verdict.verdict,
                reason=verdict.reason,
                colour=verdict.colour,
                offline=True,
            )
            for verdict in fresh.values()
        ),
        ignore_conflicts=True,
    )
    return len(fresh)
