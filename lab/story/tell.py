"""The whole story of a payment in one answer: what was asked, decided, booked, told and settled."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from config.kernel.outbox.models import OutboxEvent
from lab.story import arrows, books, signatures, tags
from lab.story.find import StoryUnknown
from merchants.notifications.models import Notification, NotificationAttempt
from merchants.onboarding.models import App, Merchant
from merchants.payouts.models import Payout
from merchants.settlement.models import SettlementLine
from merchants.settlement.queries import lines_about
from merchants.workbench.models import GatewayCall
from wallet import public as wallet
from wallet.money import format_amount

NEWEST = 20


def story(number: str) -> dict[str, Any]:
    """All that belongs to a payment.

    Args:
        number: the payment's, 28 digits.

    Raises:
        StoryUnknown: there is none.
    """
    payment = wallet.payment_of_number(number)
    if payment is None:
        raise StoryUnknown(field="number")
    whole: dict[str, Any] = {
        **heading(payment),
        "calls": [call(row) for row in _calls(payment)],
        "decisions": list(_decisions(payment.id)),
        "journals": books.scenes(wallet.journals_for(number)),
        "shared_journals": books.scenes(_shared_journals(payment.id)),
        "events": list(_events(payment.id)),
        "notifications": [
            notification(row, list(row.attempts.all())) for row in _notifications(payment)
        ],
        "settlement": list(_settlement(payment.id)),
        "payouts": list(_payouts(payment.id)),
    }
    whole["arrows"] = arrows.of_story(whole)
    return whole


def heading(payment: wallet.PaymentView) -> dict[str, Any]:
    """Who pays whom what, and how it stands."""
    return {
        "number": payment.number,
        "short": tags.short(payment.number),
        "colour": tags.colour(payment.number),
        "status": payment.status.value,
        "method": payment.method.value,
        "amount": format_amount(payment.amount_minor, payment.currency),
        "refunded": format_amount(payment.refunded_minor, payment.currency),
        "currency": payment.currency,
        "payer": _payer(payment),
        "payee": payment.payee_name,
        "order": payment.reference,
        "subject": payment.description,
        "at": payment.created_at,
        "paid_at": payment.paid_at,
        "closed_at": payment.closed_at,
        "close_reason": payment.close_reason,
    }


def newest() -> list[dict[str, Any]]:
    """The newest payments, by their headings."""
    return [heading(payment) for payment in wallet.latest_payments(NEWEST)]


def _payer(payment: wallet.PaymentView) -> str:
    if payment.payer_id is None:
        return ""
    try:
        return str(wallet.user(payment.payer_id).name)
    except wallet.UserUnknown:
        return payment.payer_number


def _calls(payment: wallet.PaymentView) -> Iterable[GatewayCall]:
    merchant = Merchant.objects.filter(id=payment.payee_id).first()
    if merchant is None:
        return []
    apps = App.objects.filter(merchant=merchant).values("app_number")
    rows = GatewayCall.objects.filter(
        app_number__in=apps, order_number__in=(payment.reference, payment.number)
    )
    return rows.order_by("at", "id")


def call(row: GatewayCall) -> dict[str, Any]:
    """A call of the gateway with the string that was signed and how it was verified."""
    signed = signatures.of_call(row)
    return {
        "id": str(row.id),
        "at": row.at,
        "trace_id": row.trace_id,
        "method": row.method,
        "verb": row.verb,
        "target": row.target,
        "content_type": row.content_type,
        "authorization": row.authorization,
        "body": row.body,
        "status": row.status,
        "code": row.code,
        "sub_code": row.sub_code,
        "answer": row.answer,
        "ms": round(row.duration_us / 1000, 1),
        "faults": row.faults,
        "signed": None if signed is None else asdict(signed),
    }


def _decisions(payment_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    for row in reversed(wallet.decisions_of(payment_id)):
        yield {
            "at": row.decided_at,
            "stage": row.stage,
            "decision": row.decision,
            "score": row.score,
            "reasons": row.reasons,
            "degraded": row.degraded,
            "rule_set": row.rule_set,
        }


def _events(payment_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    rows = OutboxEvent.objects.filter(aggregate_id=str(payment_id)).order_by("id")
    return (event(row) for row in rows.prefetch_related("effects"))


def event(row: OutboxEvent) -> dict[str, Any]:
    """An event and who has acted on it."""
    return {
        "id": str(row.id),
        "topic": row.topic,
        "at": row.created_at,
        "done_at": row.done_at,
        "effects": sorted(effect.consumer for effect in row.effects.all()),
    }


def _notifications(payment: wallet.PaymentView) -> Iterable[Notification]:
    rows = Notification.objects.filter(trade_no=payment.number, merchant_id=payment.payee_id)
    return rows.order_by("id").prefetch_related("attempts")


def notification(row: Notification, tries: list[NotificationAttempt]) -> dict[str, Any]:
    """A notification with some of its attempts, and what the last of them sent and signed."""
    attempts = [
        {
            "number": attempt.number,
            "at": attempt.started_at,
            "status": attempt.status,
            "answer": attempt.answer,
            "failure": attempt.failure,
            "by_hand": attempt.by_hand,
            "under_way": attempt.finished_at is None,
        }
        for attempt in tries
    ]
    sent = signatures.of_attempt(row, tries[-1]) if tries and row.url else None
    return {
        "id": str(row.id),
        "topic": row.topic,
        "url": row.url,
        "state": row.state,
        "at": row.created_at,
        "due_at": row.due_at,
        "attempts": attempts,
        "body": sent["body"] if sent else "",
        "signed": asdict(sent["signed"]) if sent else None,
    }


def _lines(payment_id: uuid.UUID) -> Iterable[SettlementLine]:
    return lines_about(payment_id).select_related("batch", "fee_rule")


def _shared_journals(payment_id: uuid.UUID) -> list[Any]:
    """The journals in which the payment's money moved together with others': batch, payout."""
    batches = {line.batch_id: line.batch for line in _lines(payment_id)}
    ids = [batch.journal_id for batch in batches.values()]
    for row in Payout.objects.filter(batch_id__in=batches).order_by("created_at", "id"):
        ids += [row.out_journal_id, row.end_journal_id]
    return [wallet.journal(journal_id) for journal_id in ids if journal_id]


def _settlement(payment_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    for line in _lines(payment_id):
        currency = line.batch.currency
        yield {
            "kind": line.kind,
            "day": line.batch.business_date,
            "state": line.batch.state,
            "amount": format_amount(line.amount_minor, currency),
            "fee": format_amount(line.fee_minor, currency),
            "fee_rule": str(line.fee_rule),
            "net": format_amount(line.net_minor, currency),
            "batch_net": format_amount(line.batch.net_minor, currency),
            "lines": line.batch.payment_count + line.batch.refund_count,
            "at": line.batch.calculated_at,
        }


def _payouts(payment_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    batches = {line.batch_id for line in _lines(payment_id)}
    for row in Payout.objects.filter(batch_id__in=batches).order_by("created_at", "id"):
        yield {
            "amount": format_amount(row.amount_minor, row.currency),
            "currency": row.currency,
            "state": row.state,
            "bank": row.bank,
            "reference": row.bank_reference,
            "at": row.submitted_at or row.created_at,
            "finished_at": row.finished_at,
        }
