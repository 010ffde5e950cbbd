"""Consumers of risk: count and score movements that have been posted."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Q

from config.kernel import timetable
from config.kernel.alarms import readers
from config.kernel.outbox.consumers import subscribe, subscribe_set
from config.kernel.outbox.models import OutboxEvent
from wallet.risk.models import PayeeRefund
from wallet.risk.queries.windows import count_refund
from wallet.risk.usecases.flag_overdue_cases import OVERDUE, flag_overdue_cases, next_overdue
from wallet.risk.usecases.record_verdict import record_verdict
from wallet.risk.usecases.score_payment import Moved, score_movements, score_payment
from wallet.risk.values import Decision, Movement, Stage, Subject, Verdict

MERCHANT_TRANSFER_DONE = "SUCCEEDED"


def hidden_alarms(operator: User) -> Q | None:
    """Alarms about cases, from those who work on none."""
    if operator.has_perm("risk.view_riskcase"):
        return None
    return Q(kind=OVERDUE)


readers.hide(hidden_alarms)


@timetable.job("risk.flag_overdue_cases", tells="an alarm for operators", next_due=next_overdue)
def flag_overdue(now: datetime) -> int:
    """Call operators to cases that nobody has resolved in time."""
    return flag_overdue_cases(now=now)


@subscribe_set("payment.paid", name="risk.score_payment")
def score_paid_payments(events: Sequence[OutboxEvent]) -> None:
    """Score payments with the slow features, and keep in-line verdicts that were not plain.

    The payloads carry all that is needed, so that risk never reads payments.
    """
    score_movements([_paid(event.payload) for event in events])


def _paid(payload: dict[str, Any]) -> Moved:
    movement = Movement(payload.get("movement", Movement.CODE))
    subject = _subject(payload, payload["payment_id"], movement)
    paid_at = datetime.fromisoformat(payload["paid_at"])
    inline = payload.get("risk")
    if inline:
        verdict = Verdict(
            decision=Decision(inline["decision"]),
            score=inline["score"],
            reasons=tuple(inline["reasons"]),
            opens_case=inline["opens_case"],
            rule_set=inline["rule_set"],
            degraded=tuple(inline.get("degraded", ())),
        )
        record_verdict(
            subject=subject,
            verdict=verdict,
            stage=Stage.INLINE,
            features=inline["features"],
            decided_at=paid_at,
        )
    return Moved(subject, paid_at, payload["zone"])


@subscribe("transfer.succeeded", name="risk.score_transfer")
def score_transfer(event: OutboxEvent) -> None:
    """Score a transfer from person to person."""
    payload = event.payload
    subject = _subject(payload, payload["transfer_id"], Movement.TRANSFER)
    score_payment(subject=subject, paid_at=_moved_at(event), zone=settings.TIME_ZONE)


@subscribe("withdrawal.submitted", name="risk.score_withdrawal")
def score_withdrawal(event: OutboxEvent) -> None:
    """Score a withdrawal on its way to the bank; its owner is payer and payee."""
    payload = event.payload
    if "user_id" not in payload:
        return
    parties = {**payload, "payer_id": payload["user_id"], "payee_id": payload["user_id"]}
    subject = _subject(parties, payload["withdrawal_id"], Movement.WITHDRAWAL)
    score_payment(subject=subject, paid_at=_moved_at(event), zone=settings.TIME_ZONE)


@subscribe("merchant_transfer.ended", name="risk.score_merchant_transfer")
def score_merchant_transfer(event: OutboxEvent) -> None:
    """Score a merchant's transfer that has arrived."""
    payload = event.payload
    if payload["state"] != MERCHANT_TRANSFER_DONE or "payer_id" not in payload:
        return
    subject = _subject(payload, payload["transfer_id"], Movement.MERCHANT_TRANSFER)
    score_payment(subject=subject, paid_at=_moved_at(event), zone=settings.TIME_ZONE)


@subscribe("refund.succeeded", name="risk.count_refund")
def count_payee_refund(event: OutboxEvent) -> None:
    """Count a refund for the rules that look at what a payee gives back."""
    refund_id = uuid.UUID(event.payload["refund_id"])
    payee_id = uuid.UUID(event.payload["payee_id"])
    PayeeRefund.objects.get_or_create(
        refund_id=refund_id, defaults={"payee_id": payee_id, "at": event.created_at}
    )
    count_refund(refund_id=refund_id, payee_id=payee_id, at=event.created_at)


def _subject(payload: dict[str, Any], movement_id: str, movement: Movement) -> Subject:
    return Subject(
        payment_id=uuid.UUID(movement_id),
        payer_id=uuid.UUID(payload["payer_id"]),
        payee_id=uuid.UUID(payload["payee_id"]),
        device_id=uuid.UUID(payload["device_id"]) if payload.get("device_id") else None,
        amount_minor=payload["amount_minor"],
        currency=payload["currency"],
        movement=movement,
    )


def _moved_at(event: OutboxEvent) -> datetime:
    at = event.payload.get("moved_at")
    return datetime.fromisoformat(at) if at else event.created_at
