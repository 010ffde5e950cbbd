"""Settle every merchant's day whose cut-off has come."""

import logging
from datetime import datetime

from config.kernel.errors import SaomaError
from merchants.settlement import queries
from merchants.settlement.usecases.settle_batch import settle_batch

log = logging.getLogger(__name__)


def settle_due(*, now: datetime) -> int:
    """Settle what is due by `now`; returns how many batches were.

    One merchant's trouble does not keep the others waiting: it is logged and the batch
    stays due.
    """
    settled = 0
    for batch_id in queries.due_batch_ids(now):
        try:
            settle_batch(batch_id=batch_id)
        except SaomaError as error:
            log.warning("batch not settled: %s", error, extra={"batch_id": str(batch_id)})
        else:
            settled += 1
    return settled
