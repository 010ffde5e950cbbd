"""Reading evidence as rules want it."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from healthcode.evidence.models import Evidence, RiskArea
from healthcode.evidence.values import (
    EvidenceItem,
    EvidenceKind,
    RiskLevel,
    Source,
    Status,
)

_OPERATOR = "operator:"
_SEVERITY = {RiskLevel.LOW: 0, RiskLevel.MEDIUM: 1, RiskLevel.HIGH: 2}


def items_of(subject_id: uuid.UUID, *, at: datetime) -> list[EvidenceItem]:
    """All evidence of a subject that stood at a moment: recorded by then, not retracted by then."""
    rows = list(Evidence.objects.filter(subject_id=subject_id, recorded_at__lte=at))
    taken_back = {row.retracts_id for row in rows if row.retracts_id}
    return [
        as_item(row) for row in rows if row.status != Status.RETRACTED and row.id not in taken_back
    ]


def as_item(row: Evidence) -> EvidenceItem:
    """A row in the terms of rules."""
    return EvidenceItem(
        id=str(row.id),
        kind=EvidenceKind(row.kind),
        observed_at=row.observed_at,
        recorded_at=row.recorded_at,
        source=Source(row.source),
        payload=row.payload,
    )


def trips_of(subject_id: uuid.UUID) -> list[dict[str, Any]]:
    """Payloads of the trips a subject has declared and not taken back."""
    rows = Evidence.objects.filter(
        subject_id=subject_id,
        kind=EvidenceKind.AREA_STAY,
        source=Source.SELF,
        status=Status.ASSERTED,
        evidence__isnull=True,
    )
    return [row.payload for row in rows]


def level_of(region: str, arrived_at: datetime, left_at: datetime) -> RiskLevel:
    """The worst level a region (or what it lies in) had during a stay."""
    return worst(RiskLevel(area.level) for area in _areas(region, arrived_at, left_at))


def _areas(region: str, arrived_at: datetime, left_at: datetime) -> QuerySet[RiskArea]:
    """What was declared of a region (or what it lies in) for any time of a stay."""
    return RiskArea.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=arrived_at),
        region__in=enclosing(region),
        valid_from__lt=left_at,
    )


def declarers_of(stays: Iterable[Evidence]) -> set[str]:
    """The operators by whose word the regions of some stays were at risk."""
    moments = ("arrived_at", "left_at")
    words = {
        word
        for stay in stays
        if all(name in stay.payload for name in ("region", *moments))
        for area in _areas(
            str(stay.payload["region"]),
            *(datetime.fromisoformat(stay.payload[name]) for name in moments),
        )
        for word in (area.declared_by, area.approved_by)
    }
    return {word.removeprefix(_OPERATOR) for word in words if word.startswith(_OPERATOR)}


def worst(levels: Iterable[RiskLevel]) -> RiskLevel:
    """The highest of some levels; low for none."""
    return max(levels, key=lambda level: _SEVERITY[level], default=RiskLevel.LOW)


def enclosing(region: str) -> list[str]:
    """A county's code, its prefecture's and its province's (GB/T 2260)."""
    return [region, f"{region[:4]}00", f"{region[:2]}0000"]
