"""Let holds lapse whose time is over."""

import uuid
from datetime import datetime

from config.kernel import transactions
from wallet.ledger.models import Hold
from wallet.ledger.usecases.release_hold import end_hold, give_back, locked_hold
from wallet.ledger.values import HoldState

_AT_ONCE = 500


def expire_holds(*, now: datetime) -> int:
    """Give back the amount of every hold in force whose `expires_at` is at or before `now`.

    Each in its own transaction; beside another worker each still lapses once.

    Returns:
        How many lapsed.
    """
    rows = Hold.objects.filter(state=HoldState.HELD, expires_at__lte=now)
    due = rows.order_by("expires_at", "id").values_list("id", flat=True)
    return sum(_expire(hold_id, now) for hold_id in list(due[:_AT_ONCE]))


@transactions.atomic_retry
def _expire(hold_id: uuid.UUID, now: datetime) -> bool:
    hold = locked_hold(hold_id)
    if hold.state != HoldState.HELD or hold.expires_at > now:
        return False
    give_back(hold)
    end_hold(hold, HoldState.EXPIRED)
    return True
