"""Declare a region at risk. Those who have been there follow, see `health.area_declared`."""

from datetime import datetime

from config.kernel import transactions
from config.kernel.audit import chain
from config.kernel.outbox import writes as outbox
from healthcode.evidence.models import RiskArea
from healthcode.evidence.values import RiskLevel
from healthcode.subjects.programme import require_running

DECLARED = "health.area_declared"


@transactions.atomic_retry
def declare_risk_area(
    *,
    region: str,
    level: RiskLevel,
    valid_from: datetime,
    valid_until: datetime | None,
    declared_by: str,
    approved_by: str = "",
) -> RiskArea:
    """Record a region's level, once; stays that were declared before are raised through the gate.

    Whose word it is (`declared_by`) stands in the audit log; neither they nor who approved it
    judge the correction of somebody whom the area has coloured.

    Raises:
        ProgrammeEnded: no region's risk colours anybody any more.
    """
    require_running()
    area, is_new = RiskArea.objects.get_or_create(
        region=region,
        level=level,
        valid_from=valid_from,
        valid_until=valid_until,
        defaults={"declared_by": declared_by, "approved_by": approved_by},
    )
    if is_new:
        chain.record(
            action="health.declare_risk_area",
            actor=declared_by,
            target=f"region:{region}",
            after={"level": level.value, "from": valid_from.isoformat()},
        )
        outbox.add(topic=DECLARED, aggregate_id=area.id, payload={"area_id": str(area.id)})
    return area
