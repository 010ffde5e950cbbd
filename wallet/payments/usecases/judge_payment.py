"""Ask the risk rules about a payment, and keep the verdict of one that they stop."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from wallet.payments.models import PayerActivity, Payment
from wallet.payments.usecases.assess_payment import order_features
from wallet.payments.usecases.charge_payer import movement_of
from wallet.risk.usecases.assess_movement import Assessed, assess_movement
from wallet.risk.usecases.refuse_movement import STOPS, refuse_movement
from wallet.risk.values import Subject, Value


class Declined(Exception):
    """Carries a verdict out of the transaction it undoes, so that it can be kept."""

    def __init__(self, subject: Subject, assessed: Assessed) -> None:
        self.subject, self.assessed = subject, assessed


def judge_payment(
    payment: Payment,
    payer_id: uuid.UUID,
    *,
    at: datetime,
    pin_given: bool = False,
    payee_since: datetime | None = None,
    device: Mapping[str, Value] | None = None,
) -> Assessed:
    """Judge a payment whose row is there; `device` are the features of the payer's device.

    Raises:
        Declined: the risk rules stop it; see `keeping_verdict`.
    """
    activity = PayerActivity.objects.filter(payer_id=payer_id).first() or PayerActivity()
    features = order_features(
        amount_minor=payment.amount_minor,
        payments=activity.payments,
        total_minor=activity.total_minor,
        largest_minor=activity.largest_minor,
        pin_given=pin_given,
        payee_since=payee_since,
        at=at,
    )
    subject = movement_of(payment, payer_id)
    assessed = assess_movement(subject=subject, context={**features, **(device or {})}, at=at)
    check_verdict(subject, assessed)
    return assessed


def check_verdict(subject: Subject, assessed: Assessed) -> None:
    """Check that the risk rules let a movement pass, with or without a challenge.

    Raises:
        Declined: they do not.
    """
    if assessed.verdict.decision in STOPS:
        raise Declined(subject, assessed)


@contextmanager
def keeping_verdict(*, at: datetime) -> Iterator[None]:
    """Store the verdict of a payment that is declined inside, around its transaction.

    Raises:
        PaymentDeclined, PaymentDelayed: the refusal in plain words.
    """
    try:
        yield
    except Declined as declined:
        raise refuse_movement(
            subject=declined.subject,
            verdict=declined.assessed.verdict,
            features=declined.assessed.features,
            decided_at=at,
        ) from declined
