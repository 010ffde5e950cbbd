"""What evidence is made of: kinds, sources, statuses, and one item as rules see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class EvidenceKind(StrEnum):
    """What a piece of evidence reports. Vaccination is shown and colours nothing."""

    DECLARATION = "declaration"
    DAILY_CHECKIN = "daily_checkin"
    TEMPERATURE = "temperature"
    NAAT = "naat"
    ANTIGEN = "antigen"
    VACCINATION = "vaccination"
    RECOVERY = "recovery"
    ENTRY = "entry"
    AREA_STAY = "area_stay"
    CONTACT = "contact"
    CONTACT_OF_CONTACT = "contact_of_contact"
    VENUE_OVERLAP = "venue_overlap"
    QUARANTINE_START = "quarantine_start"
    QUARANTINE_END = "quarantine_end"
    CASE_OPEN = "case_open"
    CASE_CLOSE = "case_close"
    EXTERNAL_CERTIFICATE = "external_certificate"


class Source(StrEnum):
    """Who reports it. Only what a registered body reports can be `verified`."""

    SELF = "self"
    LABORATORY = "laboratory"
    AUTHORITY = "authority"
    TRACING = "tracing"
    CERTIFICATE = "certificate"


class Status(StrEnum):
    """How far a piece of evidence is to be believed. Retracted evidence counts for nothing."""

    ASSERTED = "asserted"
    VERIFIED = "verified"
    DISPUTED = "disputed"
    RETRACTED = "retracted"


# Days after which a kind is deleted (health.md 2.3): what is like a location after 14,
# tests and declarations after 28.
RETENTION_DAYS: Mapping[EvidenceKind, int] = {
    kind: 14 if kind in {EvidenceKind.AREA_STAY, EvidenceKind.VENUE_OVERLAP} else 28
    for kind in EvidenceKind
}


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One piece of evidence that stands.

    Args:
        id: its identifier, quoted in the reasons of decisions.
        kind: what it reports.
        observed_at: when it was so (sampling time, end of a stay).
        recorded_at: when we learned of it.
        source: who reports it.
        payload: the kind's own facts, see `healthcode.evidence.rules`.
    """

    id: str
    kind: EvidenceKind
    observed_at: datetime
    recorded_at: datetime
    source: Source = Source.SELF
    payload: Mapping[str, Any] = field(default_factory=dict)


class RiskLevel(StrEnum):
    """How much at risk an area is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
