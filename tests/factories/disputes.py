"""Disputes of the tests."""

import uuid

from merchants.disputes.models import Dispute
from merchants.disputes.usecases.open_dispute import open_dispute
from merchants.disputes.values import DisputeReason
from tests.factories.settlement import make_merchant, make_payer, noon, sell


def dispute_payment(
    payment_id: uuid.UUID, buyer_id: uuid.UUID, amount_minor: int | None = None
) -> Dispute:
    """Dispute a payment as a duplicate."""
    return open_dispute(
        payment_id=payment_id,
        buyer_id=buyer_id,
        reason=DisputeReason.DUPLICATE,
        text="I was charged twice for one breakfast.",
        amount_minor=amount_minor,
    )


def make_dispute() -> Dispute:
    """A dispute of today about a breakfast of 12.00."""
    noon()
    merchant, payer = make_merchant(), make_payer()
    return dispute_payment(sell(merchant, 12_00, payer=payer).id, payer.id)
