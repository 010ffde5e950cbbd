"""Take a payout for this transaction."""

import uuid

from config.kernel import transactions
from merchants.payouts.models import Payout
from merchants.payouts.queries import PayoutNotFound


def lock_payout(payout_id: uuid.UUID) -> Payout:
    """Lock a payout for change; its batch, where needed, is locked before it.

    Raises:
        PayoutNotFound: there is none.

    Locks: the payout.
    """
    transactions.require()
    rows = Payout.objects.select_for_update(of=("self",)).select_related("batch", "merchant")
    payout = rows.filter(id=payout_id).first()
    if payout is None:
        raise PayoutNotFound()
    return payout
