"""Record a heartbeat of a till or terminal."""

import uuid
from dataclasses import asdict

from config.kernel import clock, transactions
from merchants.workbench.models import Equipment
from merchants.workbench.values import Heartbeat


@transactions.atomic_retry
def record_heartbeat(*, merchant_id: uuid.UUID, heartbeat: Heartbeat) -> Equipment:
    """Keep the latest report of a piece of equipment.

    The same report again changes nothing, nor does one that was made before it.

    Args:
        merchant_id: whose equipment.
        heartbeat: what it says.

    Locks: the equipment's row.
    """
    facts = asdict(heartbeat)
    number = facts.pop("number")
    row, is_new = Equipment.objects.select_for_update().get_or_create(
        merchant_id=merchant_id, number=number, defaults={**facts, "heard_at": clock.now()}
    )
    if is_new or row.reported_at >= heartbeat.reported_at:
        return row
    for name, value in facts.items():
        setattr(row, name, value)
    row.heard_at = clock.now()
    row.save()
    return row
