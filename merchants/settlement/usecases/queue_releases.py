"""See that what was kept back for splits has a settlement to go out with."""

from datetime import datetime, timedelta

from config.kernel import clock, transactions
from merchants.settlement.usecases.open_batch import open_batch
from merchants.splits import queries
from merchants.splits.models import SetAside

_TICK = timedelta(microseconds=1)


def queue_releases(*, now: datetime) -> int:
    """Open the batch that each sum due by `now` goes out with; returns how many sums.

    It is the batch of the last moment for which it was kept back: settled in the same night.
    """
    done = 0
    for row in queries.releases_due(now):
        done += _queue(row)
    return done


@transactions.atomic_retry
def _queue(row: SetAside) -> bool:
    open_batch(merchant_id=row.merchant_id, currency=row.currency, occurred_at=row.until - _TICK)
    rows = SetAside.objects.filter(id=row.id, queued_at__isnull=True)
    return bool(rows.update(queued_at=clock.now()))
