"""Events that merchants are told of, and the sending that falls due."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from config.kernel import timetable
from config.kernel.outbox.consumers import subscribe, subscribe_set
from config.kernel.outbox.models import OutboxEvent
from merchants.funds.values import TransferState
from merchants.notifications import queries
from merchants.notifications.usecases.record_agreement import record_agreement
from merchants.notifications.usecases.record_authorisation import record_authorisation
from merchants.notifications.usecases.record_deposit_back import record_deposit_back
from merchants.notifications.usecases.record_event import TradeEvent, record_events
from merchants.notifications.usecases.record_own_act import (
    record_agreement_act,
    record_consent_end,
    record_debt,
    record_dispute,
    record_payout_return,
    record_release,
)
from merchants.notifications.usecases.record_split import record_split
from merchants.notifications.usecases.record_transfer import record_batch, record_transfer
from merchants.notifications.usecases.send_notifications import send_due_notifications

NAME = "gateway.notify_merchant"


@subscribe_set("payment.paid", name=NAME, in_order=True)
@subscribe_set("payment.closed", name=NAME, in_order=True)
@subscribe_set("payment.finished", name=NAME, in_order=True)
@subscribe_set("refund.succeeded", name=NAME, in_order=True)
def on_trades(events: Sequence[OutboxEvent]) -> None:
    """Write down what merchants are to be told; the timetable sends it."""
    record_events([_trade_event(event) for event in events])


def _trade_event(event: OutboxEvent) -> TradeEvent:
    refund_id = event.payload.get("refund_id")
    return TradeEvent(
        event_id=event.id,
        topic=event.topic,
        payment_id=uuid.UUID(str(event.payload["payment_id"])),
        refund_id=None if refund_id is None else uuid.UUID(str(refund_id)),
    )


@subscribe("refund.deposit_back_ended", name=NAME, in_order=True)
def on_deposit_back(event: OutboxEvent) -> None:
    """Write down what a bank said of a refund that was sent on to it."""
    record_deposit_back(
        event_id=event.id,
        topic=event.topic,
        payment_id=uuid.UUID(str(event.payload["payment_id"])),
        refund_id=uuid.UUID(str(event.payload["refund_id"])),
    )


@subscribe("merchant_transfer.ended", name=NAME, in_order=True)
def on_transfer(event: OutboxEvent) -> None:
    """Write down that a transfer has reached an end; the timetable sends it."""
    record_transfer(
        event_id=event.id,
        topic=event.topic,
        transfer_id=uuid.UUID(str(event.payload["transfer_id"])),
        state=TransferState(str(event.payload["state"])),
    )


@subscribe("merchant_batch.ended", name=NAME, in_order=True)
def on_batch(event: OutboxEvent) -> None:
    """Write down that every line of a batch is dealt with; the timetable sends it."""
    record_batch(
        event_id=event.id, topic=event.topic, batch_id=uuid.UUID(str(event.payload["batch_id"]))
    )


@subscribe("agreement.signed", name=NAME, in_order=True)
@subscribe("agreement.ended", name=NAME, in_order=True)
def on_agreement(event: OutboxEvent) -> None:
    """Write down that an agreement is signed or over; the timetable sends it."""
    record_agreement(
        event_id=event.id,
        topic=event.topic,
        agreement_id=uuid.UUID(str(event.payload["agreement_id"])),
    )


@subscribe("split.ended", name=NAME, in_order=True)
def on_split(event: OutboxEvent) -> None:
    """Write down that a split which waited has reached its end."""
    record_split(
        event_id=event.id, topic=event.topic, split_id=uuid.UUID(str(event.payload["split_id"]))
    )


@subscribe("agreement.suspended", name=NAME, in_order=True)
@subscribe("agreement.resumed", name=NAME, in_order=True)
@subscribe("agreement.debit_failed", name=NAME, in_order=True)
def on_agreement_act(event: OutboxEvent) -> None:
    """Write down that an agreement stopped, went on, or that a debit of it failed."""
    record_agreement_act(event_id=event.id, topic=event.topic, payload=event.payload)


@subscribe("escrow.released", name=NAME, in_order=True)
def on_release(event: OutboxEvent) -> None:
    """Write down that a guaranteed trade was released by itself."""
    payment_id = uuid.UUID(str(event.payload["payment_id"]))
    record_release(event_id=event.id, topic=event.topic, payment_id=payment_id)


@subscribe("payout.returned", name=NAME, in_order=True)
def on_payout(event: OutboxEvent) -> None:
    """Write down that the bank sent a payout back."""
    payout_id = uuid.UUID(str(event.payload["payout_id"]))
    record_payout_return(event_id=event.id, topic=event.topic, payout_id=payout_id)


@subscribe("dispute.opened", name=NAME, in_order=True)
@subscribe("dispute.challenged", name=NAME, in_order=True)
@subscribe("dispute.ended", name=NAME, in_order=True)
def on_dispute(event: OutboxEvent) -> None:
    """Write down that a dispute was opened, goes to the operators, or is over."""
    record_dispute(event_id=event.id, topic=event.topic, payload=event.payload)


@subscribe("consent.revoked", name=NAME, in_order=True)
def on_consent_end(event: OutboxEvent) -> None:
    """Write down that a person took back what they allowed an app."""
    grant_id = uuid.UUID(str(event.payload["grant_id"]))
    record_consent_end(event_id=event.id, topic=event.topic, grant_id=grant_id)


@subscribe("merchant_debt.collected", name=NAME, in_order=True)
def on_debt(event: OutboxEvent) -> None:
    """Write down that a debt was taken from the merchant's money."""
    record_debt(event_id=event.id, topic=event.topic, payload=event.payload)


@subscribe("authorisation.closed", name=NAME, in_order=True)
@subscribe("authorisation.frozen", name=NAME, in_order=True)
@subscribe("authorisation.released", name=NAME, in_order=True)
def on_authorisation(event: OutboxEvent) -> None:
    """Write down what the merchant is to be told; the timetable sends it."""
    record_authorisation(
        event_id=event.id,
        topic=event.topic,
        authorisation_id=uuid.UUID(str(event.payload["authorisation_id"])),
        operation_id=uuid.UUID(str(event.payload["operation_id"])),
        payload=event.payload,
    )


@timetable.job("gateway.notify", tells="it is the telling", next_due=queries.next_due)
def send_notifications(now: datetime) -> int:
    """Send the notifications that are due."""
    return send_due_notifications(now=now)
