"""Disputes of the tests."""

import uuid
from datetime import timedelta

from config.kernel import clock
from config.kernel.errors import required
from merchants.disputes.models import Dispute
from merchants.disputes.usecases.open_dispute import open_dispute
from merchants.disputes.values import DisputeReason
from tests.factories.settlement import make_merchant, make_payer, noon, sell
from wallet.accounts.models import WalletUser
from wallet.payments.usecases.create_payment import create_payment
from wallet.payments.values import PaymentView, PayRequest


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


def make_bill(payer: WalletUser, *, minutes: int = 60) -> PaymentView:
    """A bill of 90.00 that a merchant presents to somebody, with its time to pay."""
    merchant = make_merchant()
    return create_payment(
        request=PayRequest(
            payee_id=merchant.id,
            payee_account_id=required(merchant.pending_account_id, "it is approved"),
            payee_name=merchant.name,
            reference=f"BILL{uuid.uuid4().hex}",
            description="Parking",
            amount_minor=90_00,
            currency="CNY",
            expires_at=clock.now() + timedelta(minutes=minutes),
            details={},
        ),
        payer_id=payer.id,
    ).payment
