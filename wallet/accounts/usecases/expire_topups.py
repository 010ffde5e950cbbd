"""Give up on top-ups the bank has not answered."""

from datetime import datetime

from config.kernel import transactions
from config.kernel.claims import claim
from config.kernel.outbox import writes as outbox
from wallet.accounts import queries
from wallet.accounts.values import TopupState

BATCH = 100


@transactions.atomic_retry
def expire_topups(*, now: datetime) -> int:
    """Expire open top-ups whose time is over at `now`; returns how many.

    A top-up whose answer is already in the inbox is left alone: the bank was in time,
    only our worker was not.
    """
    due = claim(queries.expired_topups(now), BATCH)
    for topup in due:
        topup.state, topup.reason, topup.finished_at = TopupState.EXPIRED, "no_answer", now
        topup.save(update_fields=["state", "reason", "finished_at"])
        outbox.add(
            topic="topup.expired",
            aggregate_id=topup.id,
            payload={"topup_id": str(topup.id)},
        )
    return len(due)
