"""Turn what the platform did by itself into a message to the merchant's app."""

import uuid
from collections.abc import Mapping

from config.kernel import clock, transactions
from merchants.consents import queries as consents
from merchants.escrow.queries import escrow
from merchants.notifications.models import Notification
from merchants.notifications.own_acts import MESSAGES
from merchants.notifications.usecases.write_message import write_message
from merchants.notifications.usecases.write_notification import Addressee
from merchants.onboarding import queries as onboarding
from merchants.onboarding.values import AppState
from merchants.payouts import queries as payouts
from merchants.protocol.agreements import detail as agreement_detail
from merchants.protocol.formats import beijing, yuan
from merchants.protocol.trades import detail
from wallet import public as wallet


def record_agreement_act(
    *, event_id: uuid.UUID, topic: str, payload: Mapping[str, object]
) -> Notification:
    """Tell that an agreement was stopped or goes on, or that a debit of it failed for good.

    Args:
        event_id: the outbox event; the same again gives the same message.
        topic: agreement.suspended, agreement.resumed or agreement.debit_failed.
        payload: the event's payload.
    """
    transactions.require()
    agreement = wallet.agreement(uuid.UUID(str(payload["agreement_id"])))
    facts = {
        "agreement_no": agreement.number,
        "external_agreement_no": agreement.external_no,
        "out_trade_no": str(payload.get("reference", "")),
        "amount": yuan(int(str(payload["amount_minor"]))) if "amount_minor" in payload else "",
        "reason": str(payload.get("failure", "")),
    }
    return write_message(
        event_id=event_id,
        topic=topic,
        addressee=Addressee(
            merchant_id=agreement.payee_id,
            app_number=agreement_detail(agreement, "app_id"),
            subject_id=agreement.id,
            trade_no=agreement.number,
            out_trade_no=str(payload.get("reference", "")) or agreement.external_no,
            url=agreement_detail(agreement, "notify_url"),
            charset=agreement_detail(agreement, "charset") or "utf-8",
            sign_type=agreement_detail(agreement, "sign_type") or "RSA2",
        ),
        msg_method=MESSAGES[topic],
        content={name: value for name, value in facts.items() if value},
    )


def record_release(
    *, event_id: uuid.UUID, topic: str, payment_id: uuid.UUID
) -> Notification | None:
    """Tell that a guaranteed trade was released by itself; who confirmed it has its answer."""
    transactions.require()
    row = escrow(payment_id)
    if row is None or row.released_at is None or row.request_no:
        return None
    trade = wallet.payment(payment_id)
    return write_message(
        event_id=event_id,
        topic=topic,
        addressee=_of_trade(trade),
        msg_method=MESSAGES[topic],
        content={
            "trade_no": trade.number,
            "out_trade_no": trade.reference,
            "amount": yuan(row.amount_minor),
            "gmt_release": beijing(row.released_at),
        },
    )


def record_payout_return(*, event_id: uuid.UUID, topic: str, payout_id: uuid.UUID) -> Notification:
    """Tell that the bank sent a payout back."""
    transactions.require()
    payout = payouts.payout(payout_id)
    return write_message(
        event_id=event_id,
        topic=topic,
        addressee=_oldest_app(payout.merchant_id, payout.id),
        msg_method=MESSAGES[topic],
        content={
            "payout_id": str(payout.id),
            "business_date": payout.batch.business_date.isoformat(),
            "amount": yuan(payout.amount_minor),
            "reason": payout.reason,
        },
    )


def record_dispute(
    *, event_id: uuid.UUID, topic: str, payload: Mapping[str, object]
) -> Notification:
    """Tell how a dispute about a trade stands, and until when an answer is awaited."""
    transactions.require()
    trade = wallet.payment(uuid.UUID(str(payload["payment_id"])))
    return write_message(
        event_id=event_id,
        topic=topic,
        addressee=_of_trade(trade),
        msg_method=MESSAGES[topic],
        content={
            "dispute_id": str(payload["dispute_id"]),
            "trade_no": trade.number,
            "out_trade_no": trade.reference,
            "amount": yuan(int(str(payload["amount_minor"]))),
            "reason": str(payload["reason"]),
            "state": str(payload["state"]),
            "answer_until": str(payload["due_at"]),
        },
    )


def _of_trade(trade: wallet.PaymentView) -> Addressee:
    return Addressee(
        merchant_id=trade.payee_id,
        app_number=detail(trade, "app_id") or "",
        subject_id=trade.id,
        trade_no=trade.number,
        out_trade_no=trade.reference,
        url=detail(trade, "notify_url") or "",
        charset=detail(trade, "charset") or "utf-8",
        sign_type=detail(trade, "sign_type") or "RSA2",
    )


def record_debt(*, event_id: uuid.UUID, topic: str, payload: Mapping[str, object]) -> Notification:
    """Tell that a debt, or part of it, was taken from the merchant's money."""
    transactions.require()
    merchant_id = uuid.UUID(str(payload["merchant_id"]))
    return write_message(
        event_id=event_id,
        topic=topic,
        addressee=_oldest_app(merchant_id, event_id),
        msg_method=MESSAGES[topic],
        content={
            "amount": yuan(int(str(payload["amount_minor"]))),
            "owed": yuan(int(str(payload["owed_minor"]))),
        },
    )


def record_consent_end(*, event_id: uuid.UUID, topic: str, grant_id: uuid.UUID) -> Notification:
    """Tell an app that a person, or a merchant, took back what they allowed it.

    The person is named by the app's own id of them, which it must now forget.
    """
    transactions.require()
    grant = consents.grant_by_id(grant_id)
    facts = {
        "kind": grant.kind,
        "open_id": grant.open_id,
        "auth_app_id": grant.subject_app.app_number if grant.subject_app else "",
        "scopes": grant.scopes,
        "gmt_revoked": beijing(grant.revoked_at or clock.now()),
    }
    return write_message(
        event_id=event_id,
        topic=topic,
        addressee=Addressee(
            merchant_id=grant.app.merchant_id,
            app_number=grant.app.app_number,
            subject_id=grant.id,
            trade_no="",
            out_trade_no="",
            url=grant.app.notify_url,
            charset="utf-8",
            sign_type="RSA2",
        ),
        msg_method=MESSAGES[topic],
        content={name: value for name, value in facts.items() if value},
    )


def _oldest_app(merchant_id: uuid.UUID, subject_id: uuid.UUID) -> Addressee:
    """What belongs to no app is told to the merchant's oldest one in force."""
    app = onboarding.apps_of(merchant_id).filter(state=AppState.ACTIVE).order_by("id").first()
    return Addressee(
        merchant_id=merchant_id,
        app_number=app.app_number if app else "",
        subject_id=subject_id,
        trade_no="",
        out_trade_no="",
        url=app.notify_url if app else "",
        charset="utf-8",
        sign_type="RSA2",
    )
