"""Call the operators when a dispute waits for their decision longer than they have."""

import uuid
from datetime import datetime

from config.kernel import clock, transactions
from config.kernel.alarms.raise_alarm import raise_alarm
from merchants.disputes import queries
from merchants.disputes.models import Dispute

ALARM = "dispute_review_overdue"
# Whoever may ask for the decision, or take part in it, reads the alarm.
READERS_OF = "disputes.decide"


def watch_reviews(*, now: datetime) -> int:
    """Raise an alarm, once, for each review whose time is over by `now`; returns how many."""
    return sum(_look(dispute_id) for dispute_id in queries.overdue_reviews(now))


@transactions.atomic_retry
def _look(dispute_id: uuid.UUID) -> bool:
    now = clock.now()
    row = Dispute.objects.select_for_update(of=("self",)).get(id=dispute_id)
    # Decided meanwhile, or another worker was faster.
    if not queries.waiting_reviews().filter(id=row.id, due_at__lte=now).exists():
        return False
    row.alarmed_at = now
    row.save(update_fields=["alarmed_at"])
    raise_alarm(
        kind=ALARM,
        facts={
            "action": READERS_OF,
            "dispute": str(row.id),
            "payment": row.payment_number,
            "amount_minor": row.amount_minor,
            "currency": row.currency,
            "due_at": str(row.due_at),
        },
        actor="system:disputes",
    )
    return True
