"""Notice withdrawals the bank has been silent about."""

from datetime import datetime

from config.kernel import transactions
from config.kernel.claims import claim
from config.kernel.outbox import writes as outbox
from wallet.accounts import queries

BATCH = 100


@transactions.atomic_retry
def flag_overdue_withdrawals(*, now: datetime) -> int:
    """Flag, once each, withdrawals in transit for two days at `now`; returns how many.

    The money stays in `bank:payout_in_transit`: silence is not a refusal. The event
    `withdrawal.overdue` tells operators to ask the bank.
    """
    due = claim(queries.overdue_withdrawals(now), BATCH)
    for withdrawal in due:
        withdrawal.overdue_at = now
        withdrawal.save(update_fields=["overdue_at"])
        outbox.add(
            topic="withdrawal.overdue",
            aggregate_id=withdrawal.id,
            payload={"withdrawal_id": str(withdrawal.id)},
        )
    return len(due)
