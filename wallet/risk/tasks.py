"""What risk does when it hears of a payment."""

import uuid
from datetime import datetime

from config.kernel.outbox.consumers import subscribe
from config.kernel.outbox.models import OutboxEvent
from wallet.risk.usecases.record_verdict import record_verdict
from wallet.risk.usecases.score_payment import score_payment
from wallet.risk.values import Decision, Stage, Subject, Verdict


@subscribe("payment.paid", name="risk.score_payment")
def score_paid_payment(event: OutboxEvent) -> None:
    """Score the payment with the slow features, and keep the in-line verdict if it was not plain.

    The payload carries all that is needed, so that risk never reads payments.
    """
    payload = event.payload
    subject = Subject(
        payment_id=uuid.UUID(payload["payment_id"]),
        payer_id=uuid.UUID(payload["payer_id"]),
        payee_id=uuid.UUID(payload["payee_id"]),
        device_id=uuid.UUID(payload["device_id"]) if payload.get("device_id") else None,
        amount_minor=payload["amount_minor"],
        currency=payload["currency"],
    )
    paid_at = datetime.fromisoformat(payload["paid_at"])
    inline = payload.get("risk")
    if inline:
        verdict = Verdict(
            decision=Decision(inline["decision"]),
            score=inline["score"],
            reasons=tuple(inline["reasons"]),
            opens_case=inline["opens_case"],
            rule_set=inline["rule_set"],
        )
        record_verdict(
            subject=subject,
            verdict=verdict,
            stage=Stage.INLINE,
            features=inline["features"],
            decided_at=paid_at,
        )
    score_payment(subject=subject, paid_at=paid_at, zone=payload["zone"])
