"""Take a payment that its payer has agreed to beforehand: no PIN is asked."""

import uuid
from datetime import datetime

from django.db import transaction

from config.kernel import ids, transactions
from config.kernel.errors import required
from wallet.accounts import queries as accounts
from wallet.payments import queries, rules
from wallet.payments.models import PayerActivity, Payment
from wallet.payments.rules import PayerAuth
from wallet.payments.usecases.assess_payment import order_features
from wallet.payments.usecases.charge_payer import charge_covered, check_payer, movement_of
from wallet.payments.values import (
    Method,
    PaymentStatus,
    PayOutcome,
    PayRequest,
    PayResult,
    PresentedKind,
)
from wallet.risk.rules import PaymentDeclined
from wallet.risk.usecases.assess_movement import assess_movement
from wallet.risk.usecases.refuse_movement import STOPS, refuse_movement
from wallet.risk.values import Features, Subject, Verdict


class Declined(Exception):
    """Carries a verdict out of the transaction it undoes, so that it can be kept."""

    def __init__(self, subject: Subject, verdict: Verdict, features: Features) -> None:
        self.subject, self.verdict, self.features = subject, verdict, features


def pay_agreed(*, request: PayRequest, payer_id: uuid.UUID, later: bool = False) -> PayOutcome:
    """Make a payment under a consent given earlier, and take its money unless it is for later.

    Part of the caller's transaction, which has checked the consent and holds its lock.
    A challenge of the risk rules is answered by the consent; a refusal of theirs stands.
    The limits of payments by code do not apply, those of the payer's tier do.

    Args:
        request: what the payee asks for; its order number is not in use.
        payer_id: who has agreed.
        later: leave it unpaid (AWAITING_PAYER); `charge_agreed` takes it.

    Raises:
        IntegrityError: the order number was taken in this very moment.
        Declined: the risk rules refuse it; `keep_verdict` it once the transaction is over.
        whatever `charge_payer` raises.

    Locks: as `charge_payer`.
    """
    transactions.require()
    rules.details_text(request.details)
    payment_id = ids.uuid7()
    on, unit = rules.business_date(request.at, request.payee_zone), ids.unit_of(request.payee_id)
    payment = Payment(
        id=payment_id,
        number=rules.payment_number(payment_id, on=on, unit=unit),
        status=PaymentStatus.PENDING,
        method=Method.DEBIT,
        presented=PresentedKind.DYNAMIC,
        payer_id=payer_id,
        payee_id=request.payee_id,
        payee_kind=request.payee_kind,
        payee_account_id=request.payee_account_id,
        payee_owner_id=request.payee_owner_id,
        payee_name=request.payee_name[: rules.PAYEE_NAME_MAXIMUM],
        payee_zone=request.payee_zone,
        payee_cutoff_hour=request.payee_cutoff_hour,
        reference=request.reference,
        description=request.description,
        amount_minor=request.amount_minor,
        currency=request.currency,
        created_at=request.at,
        expires_at=request.expires_at,
        details=dict(request.details),
        unit=unit,
    )
    check_payer(payment=payment, payer=accounts.user(payer_id))
    with transaction.atomic():
        payment.save(force_insert=True)
        if not later:
            return charge_agreed(payment=payment, at=request.at, payee_since=request.payee_since)
    return PayOutcome(queries.view(payment), PayResult.AWAITING_PAYER)


def charge_agreed(
    *, payment: Payment, at: datetime, payee_since: datetime | None = None
) -> PayOutcome:
    """Take the money of a locked, unpaid payment whose payer has agreed to it.

    Raises:
        PaymentClosed, PaymentFinished, PaymentAlreadyPaid: it is over.
        Declined: the risk rules refuse it.
        whatever `charge_payer` raises.

    Locks: as `charge_payer`.
    """
    payer = accounts.user(required(payment.payer_id, "an agreed payment has a payer"))
    subject = movement_of(payment, payer.id)
    assessed = assess_movement(
        subject=subject, known=_features(payment, payer.id, at, payee_since), at=at
    )
    if assessed.verdict.decision in STOPS:
        raise Declined(subject, assessed.verdict, assessed.features)
    charge_covered(
        payment=payment,
        payer=payer,
        auth=PayerAuth(with_pin=False, agreed=True),
        at=at,
        verdict=assessed.verdict,
        features=assessed.features,
    )
    return PayOutcome(queries.view(payment, payer), PayResult.PAID)


def keep_verdict(declined: Declined, *, at: datetime) -> PaymentDeclined:
    """Store the verdict of a payment that was refused; gives the refusal in plain words."""
    return refuse_movement(
        subject=declined.subject,
        verdict=declined.verdict,
        features=declined.features,
        decided_at=at,
    )


def _features(
    payment: Payment, payer_id: uuid.UUID, at: datetime, payee_since: datetime | None
) -> Features:
    activity = PayerActivity.objects.filter(payer_id=payer_id).first()
    return order_features(
        amount_minor=payment.amount_minor,
        payments=activity.payments if activity else 0,
        total_minor=activity.total_minor if activity else 0,
        largest_minor=activity.largest_minor if activity else 0,
        pin_given=False,
        payee_since=payee_since,
        at=at,
    )
