"""Consumers and jobs of guaranteed trades: begin with a payment, end in time."""

import uuid
from datetime import datetime

from config.kernel import timetable
from config.kernel.outbox.consumers import subscribe, those_about
from config.kernel.outbox.models import OutboxEvent
from merchants.escrow import queries
from merchants.escrow.usecases.release_escrow import keep_escrow, release_due


@subscribe(
    "payment.paid", name="escrow.keep", concern=those_about("payment_id", queries.guaranteed_among)
)
def keep(event: OutboxEvent) -> None:
    """Write down a guaranteed trade that has been paid."""
    keep_escrow(payment_id=uuid.UUID(str(event.payload["payment_id"])))


@timetable.job("escrow.release", tells=("escrow.released",), next_due=queries.next_due)
def release(now: datetime) -> int:
    """Release what nobody confirmed in time."""
    return release_due(now=now)
