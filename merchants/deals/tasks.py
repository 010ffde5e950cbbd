"""Consumers and jobs of deals: follow payments, end states in time."""

import uuid
from datetime import datetime

from config.kernel import timetable
from config.kernel.outbox.consumers import subscribe, those_about
from config.kernel.outbox.models import OutboxEvent
from merchants.deals import arbitration, queries
from merchants.deals.usecases import move_deal
from merchants.deals.usecases.move_due import move_due
from wallet import public as wallet

__all__ = ["arbitration"]
OF_DEALS = those_about("payment_id", queries.payments_of_deals)

wallet.keeps_wallet_open("deal")(queries.has_live_deal)


@subscribe("payment.paid", name="deals.note_payment", concern=OF_DEALS)
def note(event: OutboxEvent) -> None:
    """Move the deal whose stage was paid."""
    move_deal.note_payment(payment_id=uuid.UUID(str(event.payload["payment_id"])))


@subscribe("escrow.released", name="deals.catch_up", concern=OF_DEALS)
@subscribe("refund.succeeded", name="deals.catch_up", concern=OF_DEALS)
def follow(event: OutboxEvent) -> None:
    """End the deal whose money has gone by another door."""
    move_deal.catch_up(payment_id=uuid.UUID(str(event.payload["payment_id"])))


@timetable.job(
    "deals.move",
    tells=("escrow.released", "refund.succeeded", "payment.closed"),
    next_due=queries.next_due,
)
def move(now: datetime) -> int:
    """Do what falls due in deals."""
    return move_due(now=now)
