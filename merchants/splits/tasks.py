"""Jobs and consumers of splits: carry out waiting and planned ones."""

import uuid
from datetime import datetime

from config.kernel import timetable
from config.kernel.outbox.consumers import subscribe, those_about
from config.kernel.outbox.models import OutboxEvent
from merchants.splits import queries, refund_action
from merchants.splits.usecases.plan_split import split_as_planned
from merchants.splits.usecases.split_due import split_due

__all__ = ["refund_action"]
PLANNED = those_about("payment_id", queries.planned_among)


@timetable.job("splits.carry_out", tells=("split.ended",), next_due=queries.next_due)
def carry_out(now: datetime) -> int:
    """Carry out the splits that are due."""
    return split_due(now=now)


@subscribe("payment.paid", name="splits.as_planned", concern=PLANNED)
@subscribe("escrow.released", name="splits.as_planned", concern=PLANNED)
def split_planned(event: OutboxEvent) -> None:
    """Split what was paid, or released, as its sale said."""
    split_as_planned(payment_id=uuid.UUID(str(event.payload["payment_id"])))
