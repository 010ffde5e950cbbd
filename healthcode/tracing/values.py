"""Words of the tracing slice. Pure."""

import uuid
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum


class TraceState(StrEnum):
    """A case is done once it is approved; later its people are forgotten."""

    DONE = "DONE"
    EXPIRED = "EXPIRED"


class TracePurpose(StrEnum):
    """What a search may be for: all that the people it finds ever read of it."""

    CASE_CONTACTS = "CASE_CONTACTS"
    VENUE_CLUSTER = "VENUE_CLUSTER"
    CORRECTED_RESULT = "CORRECTED_RESULT"


@dataclass(frozen=True, slots=True)
class Sighting:
    """A check-in that proves presence: somebody came or went; and when the venue closes."""

    subject_id: uuid.UUID
    venue_id: uuid.UUID
    at: datetime
    coming: bool
    closes_at: time | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """Somebody was at a venue for a while; `inferred` where nobody saw them leave."""

    subject_id: uuid.UUID
    venue_id: uuid.UUID
    begins_at: datetime
    ends_at: datetime
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """What a case asks for.

    Args:
        subject_id: the person found ill.
        evidence_id: what shows it.
        case_ref: the authority's own number.
        purpose: why, in words.
        begins_at: from when that person's stays count.
        ends_at: until when.
        minutes: how long two stays must overlap.
    """

    subject_id: uuid.UUID
    evidence_id: uuid.UUID
    case_ref: str
    purpose: str
    begins_at: datetime
    ends_at: datetime
    minutes: int
