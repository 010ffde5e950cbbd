"""Forgetting old answers."""

from datetime import datetime

from config.kernel import timetable
from config.kernel.idempotency.models import IdempotencyRecord
from config.kernel.idempotency.run_idempotent import KEPT_FOR, forget_old


def next_forgetting() -> datetime | None:
    """When the oldest answer may be dropped."""
    oldest = IdempotencyRecord.objects.order_by("created_at").values_list("created_at", flat=True)
    first = oldest.first()
    return first + KEPT_FOR if first else None


@timetable.job("idempotency.forget", next_due=next_forgetting)
def forget(now: datetime) -> int:
    """Drop answers that are past their keeping."""
    return forget_old()
