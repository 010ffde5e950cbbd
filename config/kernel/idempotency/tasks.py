"""Forgetting old answers."""

from datetime import datetime

from config.kernel import timetable
from config.kernel.due_times import Earliest
from config.kernel.idempotency.models import IdempotencyRecord
from config.kernel.idempotency.run_idempotent import KEPT_FOR, forget_old

# When the oldest answer may be dropped.
next_forgetting = Earliest(IdempotencyRecord.objects.all, "created_at", plus=KEPT_FOR)


@timetable.job("idempotency.forget", next_due=next_forgetting)
def forget(now: datetime) -> int:
    """Drop answers that are past their keeping."""
    return forget_old()
