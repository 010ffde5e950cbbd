"""Jobs of transit, and its consumer of repayments."""

import uuid
from datetime import datetime

from config.kernel import timetable
from config.kernel.outbox.consumers import subscribe
from config.kernel.outbox.models import OutboxEvent
from merchants.transit import queries
from merchants.transit.models import Ride
from merchants.transit.usecases.charge_rides import run_due
from merchants.transit.values import RideState


@timetable.job("transit.charge", tells=("payment.paid",), next_due=queries.next_due)
def charge(now: datetime) -> int:
    """Single-sided taps, and fares."""
    return run_due(now=now)


@subscribe("arrears.cleared", name="transit.note_repaid")
def note_repaid(event: OutboxEvent) -> None:
    """A ride whose fare was owed is repaid."""
    rows = Ride.objects.filter(payment_id=uuid.UUID(str(event.payload["payment_id"])))
    rows.filter(state=RideState.ARREARS).update(state=RideState.REPAID)
