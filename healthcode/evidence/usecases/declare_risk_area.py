"""Declare a region at risk, also for those who have been there."""

from datetime import datetime

from config.kernel import clock, transactions
from config.kernel.audit import chain
from healthcode.evidence import queries
from healthcode.evidence.models import Evidence, RiskArea
from healthcode.evidence.usecases.record_evidence import record_evidence
from healthcode.evidence.values import EvidenceKind, RiskLevel, Source, Status


@transactions.atomic_retry
def declare_risk_area(
    *,
    region: str,
    level: RiskLevel,
    valid_from: datetime,
    valid_until: datetime | None,
    declared_by: str,
) -> RiskArea:
    """Record a region's level; declared stays it overlaps become evidence of that level."""
    area, made = RiskArea.objects.get_or_create(
        region=region,
        level=level,
        valid_from=valid_from,
        valid_until=valid_until,
        defaults={"declared_by": declared_by},
    )
    if made:
        chain.record(
            action="health.declare_risk_area",
            actor=declared_by,
            target=f"region:{region}",
            after={"level": level.value, "from": valid_from.isoformat()},
        )
        _raise_stays(area)
    return area


def _raise_stays(area: RiskArea) -> None:
    """Look at stays declared before the region was known to be at risk."""
    stays = Evidence.objects.filter(
        kind=EvidenceKind.AREA_STAY,
        source=Source.SELF,
        status=Status.ASSERTED,
        evidence__isnull=True,
        observed_at__gt=area.valid_from,
        recorded_at__lte=clock.now(),
    )
    for stay in stays:
        region = str(stay.payload["region"])
        arrived_at = datetime.fromisoformat(stay.payload["arrived_at"])
        inside = area.region in queries.enclosing(region)
        during = area.valid_until is None or arrived_at < area.valid_until
        known = RiskLevel(stay.payload["level"])
        if inside and during and queries.worst([known, RiskLevel(area.level)]) is not known:
            record_evidence(
                subject_id=stay.subject_id,
                kind=EvidenceKind.AREA_STAY,
                source=Source.AUTHORITY,
                source_ref=f"risk-area:{area.id}:{stay.id}",
                observed_at=stay.observed_at,
                payload={**stay.payload, "level": area.level},
            )
