"""Take a batch, and its merchant's settlement as a whole, for this transaction."""

import uuid

from config.kernel import transactions
from merchants.onboarding.models import Merchant
from merchants.settlement.models import SettlementBatch
from merchants.settlement.queries import BatchNotFound


def lock_batch(batch_id: uuid.UUID) -> SettlementBatch:
    """Lock a batch for change. One merchant's batches are worked on one at a time.

    Raises:
        BatchNotFound: there is no such batch.

    Locks: the merchant (against other settlement work, not against payments), then the
    batch.
    """
    transactions.require()
    owner = SettlementBatch.objects.filter(id=batch_id).values_list("merchant_id", flat=True)
    owner_id = owner.first()
    if owner_id is None:
        raise BatchNotFound()
    merchant = Merchant.objects.select_for_update(no_key=True).get(id=owner_id)
    batch = SettlementBatch.objects.select_for_update(of=("self",)).get(id=batch_id)
    batch.merchant = merchant
    return batch
