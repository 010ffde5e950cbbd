"""Settle a batch: cut it off and calculate it, in steps that survive a crash between."""

import uuid

from config.kernel.failpoints import failpoint
from merchants.settlement import queries
from merchants.settlement.models import SettlementBatch
from merchants.settlement.usecases.calculate_batch import calculate_batch
from merchants.settlement.usecases.cut_off_batch import cut_off_batch


def settle_batch(*, batch_id: uuid.UUID) -> SettlementBatch:
    """Bring a batch to CALCULATED (or beyond), earlier days of its merchant first.

    Each step commits by itself, so whoever comes after a crash finds where it stopped;
    a batch that is settled already is returned unchanged.

    Raises:
        BatchNotFound: there is no such batch.
        rules.DayNotBegun: its day is still to come.
        InsufficientFunds: see calculate_batch; safe to repeat.
    """
    earlier = queries.uncalculated_before(queries.batch(batch_id)).values_list("id", flat=True)
    for each_id in [*earlier, batch_id]:
        cut_off_batch(batch_id=each_id)
        failpoint("settlement.after_cut_off")
        batch = calculate_batch(batch_id=each_id)
        failpoint("settlement.after_calculate")
    return batch
