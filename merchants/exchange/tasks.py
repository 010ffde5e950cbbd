"""Jobs of exchange."""

from datetime import datetime

from config.kernel import timetable
from config.kernel.due_times import Earliest
from merchants.exchange.models import FxValuation
from merchants.exchange.usecases.value_positions import value_positions


@timetable.job(
    "exchange.value",
    tells="the platform's own gain or loss: merchants keep the amounts of their currency",
    next_due=Earliest(lambda: FxValuation.objects.filter(due_at__isnull=False), "due_at"),
    limit_s=timetable.NIGHT_LIMIT_S,
)
def value(now: datetime) -> int:
    """Positions at the day's rates."""
    return value_positions(now=now)
