"""Turn events of trades into notifications of their merchants."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from config.kernel import transactions
from merchants.notifications import webhook_payload
from merchants.notifications.models import Notification
from merchants.notifications.usecases.write_notification import (
    Addressee,
    Draft,
    write_notifications,
)
from merchants.onboarding.queries import merchants_by_id
from merchants.protocol.formats import beijing, beijing_ms, masked, yuan
from merchants.protocol.persons import person_fields
from merchants.protocol.trades import STATUS, detail
from wallet import public as wallet


@dataclass(frozen=True, slots=True)
class TradeEvent:
    """An event of a trade: the outbox event, its topic, the trade, and the refund if it is one."""

    event_id: uuid.UUID
    topic: str
    payment_id: uuid.UUID
    refund_id: uuid.UUID | None = None


def record_events(events: Sequence[TradeEvent]) -> list[Notification]:
    """Write down what merchants are to be told, due now. Nothing is sent here.

    The same event again gives the same notification. Payments of persons and ends of
    products that are not told of them give none.

    Args:
        events: payment.paid, payment.closed, payment.finished or refund.succeeded, in the
            order in which they happened.

    Raises:
        PaymentUnknown: there is no such trade.
    """
    transactions.require()
    trades = {row.id: row for row in wallet.payments_by_id({each.payment_id for each in events})}
    if any(each.payment_id not in trades for each in events):
        raise wallet.PaymentUnknown()
    pairs = [(each, trades[each.payment_id]) for each in events]
    pairs = [(each, trade) for each, trade in pairs if _is_told(each.topic, trade)]
    sellers = merchants_by_id({trade.payee_id for _, trade in pairs})
    phones = wallet.phones_of({seller.owner_id for seller in sellers.values()})
    return write_notifications(
        [
            _draft(each, trade, _Seller(row.merchant_number, phones[row.owner_id]))
            for each, trade in pairs
            for row in (sellers[trade.payee_id],)
        ]
    )


@dataclass(frozen=True, slots=True)
class _Seller:
    """A merchant's number and its owner's phone."""

    number: str
    phone: str


def _draft(event: TradeEvent, trade: wallet.PaymentView, seller: _Seller) -> Draft:
    addressee = Addressee(
        merchant_id=trade.payee_id,
        app_number=detail(trade, "app_id") or "",
        subject_id=trade.id,
        trade_no=trade.number,
        out_trade_no=trade.reference,
        url=detail(trade, "notify_url") or "",
        charset=detail(trade, "charset") or "utf-8",
        sign_type=detail(trade, "sign_type") or "RSA2",
    )
    trade_fields = _trade(event.topic, trade, _refund(trade, event.refund_id), seller)
    return Draft(
        event_id=event.event_id,
        topic=event.topic,
        addressee=addressee,
        parameters=lambda notify_id: webhook_payload.parameters(
            trade_fields, notify_id=notify_id, charset=addressee.charset
        ),
    )


def _is_told(topic: str, trade: wallet.PaymentView) -> bool:
    """A merchant's payments and refunds are; an end only for some products, and only once.

    A debit that nobody waited for is told of when it is given up, whatever its product.
    """
    if trade.payee_kind is not wallet.PayeeKind.MERCHANT:
        return False
    if topic in {"payment.paid", "refund.succeeded"}:
        return True
    if topic == "payment.closed" and trade.paid_at is None and detail(trade, "agreement"):
        return True
    ended_by_refund = trade.refunded_minor == trade.amount_minor
    return detail(trade, "product_code") in webhook_payload.TOLD_OF_ENDS and not ended_by_refund


def _refund(
    trade: wallet.PaymentView, refund_id: uuid.UUID | None
) -> tuple[wallet.RefundView, int] | None:
    """The refund, and how much had gone back with it: later refunds are later events."""
    total_minor = 0
    for refund in wallet.refunds_of(trade.id) if refund_id else ():
        total_minor += refund.amount_minor
        if refund.id == refund_id:
            return refund, total_minor
    return None


def _trade(
    topic: str,
    trade: wallet.PaymentView,
    refund: tuple[wallet.RefundView, int] | None,
    seller: _Seller,
) -> webhook_payload.Trade:
    paid = topic != "payment.closed" or trade.paid_at is not None
    refunded_minor = 0 if refund is None else refund[1]
    buyer = person_fields(
        detail(trade, "app_id") or "",
        trade.payer_id,
        trade.payer_number,
        user_id="buyer_id",
        open_id="buyer_open_id",
    )
    return webhook_payload.Trade(
        app_id=detail(trade, "app_id") or "",
        seller_id=seller.number,
        seller_email=seller.phone.removeprefix("+86"),
        buyer_id=buyer.get("buyer_id", ""),
        buyer_open_id=buyer.get("buyer_open_id", ""),
        buyer_logon_id=masked(trade.payer_phone) or "",
        trade_no=trade.number,
        out_trade_no=trade.reference,
        out_biz_no="" if refund is None else refund[0].request_no,
        trade_status=_status(topic, trade, refunded_minor),
        total_amount=yuan(trade.amount_minor),
        paid_amount=yuan(trade.amount_minor if paid else 0),
        refund_fee=yuan(refunded_minor) if refund else "",
        subject=trade.description,
        body=detail(trade, "body") or "",
        gmt_create=beijing(trade.created_at),
        gmt_payment="" if trade.paid_at is None else beijing(trade.paid_at),
        gmt_refund="" if refund is None else beijing_ms(refund[0].created_at),
        gmt_close=_closed(topic, trade),
        passback_params=detail(trade, "passback_params") or "",
        auth_app_id=detail(trade, "auth_app_id") or "",
    )


def _status(topic: str, trade: wallet.PaymentView, refunded_minor: int) -> str:
    """The trade's status as it was at the event, whatever has happened since."""
    if topic == "refund.succeeded":
        whole = refunded_minor == trade.amount_minor
        return STATUS[wallet.PaymentStatus.CLOSED if whole else wallet.PaymentStatus.PAID]
    at_event = {
        "payment.paid": wallet.PaymentStatus.PAID,
        "payment.closed": wallet.PaymentStatus.CLOSED,
        "payment.finished": wallet.PaymentStatus.FINISHED,
    }
    return STATUS[at_event[topic]]


def _closed(topic: str, trade: wallet.PaymentView) -> str:
    if topic == "payment.closed" and trade.closed_at is not None:
        return beijing(trade.closed_at)
    return ""
