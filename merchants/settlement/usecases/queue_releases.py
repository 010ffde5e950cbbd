"""See that what was kept back for splits or in reserve has a settlement to go out with."""

from datetime import datetime, timedelta

from config.kernel import clock, transactions
from merchants.settlement.models import ReserveHold
from merchants.settlement.queries import reserves_due
from merchants.settlement.usecases.open_batch import open_batch
from merchants.splits import queries
from merchants.splits.models import SetAside

_TICK = timedelta(microseconds=1)


def queue_releases(*, now: datetime) -> int:
    """Open the batch that each sum due by `now` goes out with; returns how many sums.

    Sums for splits go with the batch of the last moment for which they were kept back, settled
    in the same night; those of the rolling reserve with the day on which their time is over.
    """
    count = 0
    for row in queries.releases_due(now):
        count += _queue(row)
    for hold in reserves_due(now):
        count += _queue_reserve(hold)
    return count


@transactions.atomic_retry
def _queue(row: SetAside) -> bool:
    open_batch(merchant_id=row.merchant_id, currency=row.currency, occurred_at=row.until - _TICK)
    rows = SetAside.objects.filter(id=row.id, queued_at__isnull=True)
    return bool(rows.update(queued_at=clock.now()))


@transactions.atomic_retry
def _queue_reserve(hold: ReserveHold) -> bool:
    open_batch(merchant_id=hold.merchant_id, currency=hold.currency, occurred_at=hold.due_at)
    rows = ReserveHold.objects.filter(id=hold.id, queued_at__isnull=True)
    return bool(rows.update(queued_at=clock.now()))
