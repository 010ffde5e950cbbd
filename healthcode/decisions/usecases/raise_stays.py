"""Stays that were declared before their region was known to be at risk."""

import uuid
from datetime import datetime

from config.kernel import clock, transactions
from healthcode.decisions.authority import Authority, Passage
from healthcode.decisions.usecases.change_evidence import Statement, report
from healthcode.evidence import queries
from healthcode.evidence.models import Evidence, RiskArea
from healthcode.evidence.values import EvidenceKind, RiskLevel, Source, Status


@transactions.atomic_retry
def raise_stays(*, area_id: uuid.UUID) -> int:
    """Record the level of an area for every declared stay it overlaps; returns how many.

    Again records nothing new.

    Raises:
        RiskArea.DoesNotExist: there is no such area.
    """
    area = RiskArea.objects.get(id=area_id)
    stays = Evidence.objects.filter(
        kind=EvidenceKind.AREA_STAY,
        source=Source.SELF,
        status=Status.ASSERTED,
        evidence__isnull=True,
        observed_at__gt=area.valid_from,
        recorded_at__lte=clock.now(),
    )
    count = 0
    for stay in stays:
        if _is_raised(area, stay):
            report(authority=Authority(Passage.AREA), statement=_statement(area, stay))
            count += 1
    return count


def _is_raised(area: RiskArea, stay: Evidence) -> bool:
    inside = area.region in queries.enclosing(str(stay.payload["region"]))
    arrived_at = datetime.fromisoformat(stay.payload["arrived_at"])
    during = area.valid_until is None or arrived_at < area.valid_until
    level = RiskLevel(stay.payload["level"])
    return inside and during and queries.worst([level, RiskLevel(area.level)]) is not level


def _statement(area: RiskArea, stay: Evidence) -> Statement:
    return Statement(
        subject_id=stay.subject_id,
        kind=EvidenceKind.AREA_STAY,
        source=Source.AUTHORITY,
        source_ref=f"risk-area:{area.id}:{stay.id}",
        observed_at=stay.observed_at,
        payload={**stay.payload, "level": area.level},
    )
