"""Offers and deals made by the real use cases."""

import itertools
from datetime import timedelta
from typing import Any

from config.kernel import clock
from config.kernel.outbox import relay
from merchants.deals.models import Deal, Offer
from merchants.deals.usecases.move_deal import move_deal
from merchants.deals.usecases.move_due import move_due
from merchants.deals.usecases.publish_offer import NewOffer, publish_offer
from merchants.deals.usecases.take_offer import take_offer
from merchants.deals.values import DealParty, PolicyName
from merchants.onboarding.models import Merchant
from tests.factories.accounts import PIN
from tests.factories.clock import advance
from tests.factories.splits import seller_of
from wallet.accounts.models import WalletUser
from wallet.payments.usecases.confirm_payment import confirm_payment

_numbers = itertools.count(1)


def offer(
    merchant: Merchant, policy: PolicyName = PolicyName.GUARANTEED, price: int = 299_00, **more: Any
) -> Offer:
    """An offer of a merchant's."""
    seller_of(merchant)
    new = NewOffer(
        policy=policy,
        reference=f"offer-{next(_numbers)}",
        subject="shoes",
        price_minor=price,
        **more,
    )
    return publish_offer(
        merchant_number=merchant.merchant_number, owner_id=merchant.owner_id, new=new
    )


def pay(deal: Deal, stage: str) -> Deal:
    """Let a deal's buyer confirm a stage's payment, and the news arrive."""
    row = deal.payments.get(stage=stage)
    confirm_payment(payment_id=row.payment_id, payer_id=deal.buyer_id, pin=PIN)
    relay.drain()
    deal.refresh_from_db()
    return deal


def take(row: Offer, buyer: WalletUser, *, reference: str = "D1") -> Deal:
    """A buyer's deal of an offer, its first stage paid."""
    deal = take_offer(offer_id=row.id, buyer_id=buyer.id, reference=reference)
    first = deal.payments.first()
    return deal if first is None else pay(deal, first.stage)


def move(deal: Deal, name: str, by: DealParty, **more: Any) -> Deal:
    """Make a move, and let the news of it arrive."""
    row = move_deal(deal_id=deal.id, name=name, by=by, **more)
    relay.drain()
    return row


def pass_time(**span: float) -> None:
    """Let time pass and the deals' job run once at its end."""
    advance(seconds=timedelta(**span).total_seconds())
    move_due(now=clock.now())
    relay.drain()
