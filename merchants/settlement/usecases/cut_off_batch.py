"""Cut a batch off: its day is over."""

import uuid

from config.kernel import clock, transactions
from merchants.settlement import rules
from merchants.settlement.models import SettlementBatch
from merchants.settlement.usecases.keep_fee_rule import FeeRules
from merchants.settlement.usecases.lock_batch import lock_batch
from merchants.settlement.values import BatchState


@transactions.atomic_retry
def cut_off_batch(*, batch_id: uuid.UUID) -> SettlementBatch:
    """Close a batch to further payments and fix the fee terms it is charged on.

    Cutting off again returns the batch unchanged. The caller decides when: the timetable
    at the end of the day, an operator earlier. What comes later in the day belongs to
    the next batch.

    Raises:
        BatchNotFound: there is no such batch.
        rules.DayNotBegun: its day is still to come.

    Locks: the merchant, then the batch.
    """
    batch = lock_batch(batch_id)
    if batch.state != BatchState.OPEN:
        return batch
    now = clock.now()
    rules.check_begun(opens_at=batch.opens_at, now=now)
    batch.state = rules.check_transition(batch.state, BatchState.CUT_OFF)
    batch.fee_rule = FeeRules(batch.merchant).of("", batch.business_date)
    batch.cut_off_at = now
    # Closed by hand before its time, the day ends now.
    batch.closes_at = min(batch.closes_at, batch.cut_off_at)
    batch.save(update_fields=["state", "fee_rule", "cut_off_at", "closes_at"])
    return batch
