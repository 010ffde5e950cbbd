"""Take a payment that its payer has agreed to beforehand: no PIN is asked."""

import uuid
from datetime import datetime

from django.db import transaction

from config.kernel import transactions
from config.kernel.errors import required
from wallet.accounts import queries as accounts
from wallet.payments import queries
from wallet.payments.models import Payment
from wallet.payments.rules import PayerAuth
from wallet.payments.usecases.build_payment import build_payment
from wallet.payments.usecases.charge_payer import charge_covered, check_payer
from wallet.payments.usecases.judge_payment import judge_payment
from wallet.payments.values import Method, PayOutcome, PayRequest, PayResult


def pay_agreed(
    *, request: PayRequest, payer_id: uuid.UUID, at: datetime, later: bool = False
) -> PayOutcome:
    """Make a payment under a consent given earlier, and take its money unless it is for later.

    Part of the caller's transaction, which has checked the consent and holds its lock.
    A challenge of the risk rules is answered by the consent; a refusal of theirs stands.
    The limits of payments by code do not apply, those of the payer's tier do.

    Args:
        request: what the payee asks for; its order number is not in use.
        payer_id: who has agreed.
        at: now.
        later: leave it unpaid (AWAITING_PAYER); `charge_agreed` takes it.

    Raises:
        KeyTaken: the order number was taken in this very moment.
        Declined: the risk rules refuse it; the caller wraps its transaction in `keeping_verdict`.
        whatever `charge_payer` raises.

    Locks: as `charge_payer`.
    """
    transactions.require()
    payment = build_payment(request, at=at, method=Method.DEBIT, payer_id=payer_id)
    check_payer(payment=payment, payer=accounts.user(payer_id))
    with transaction.atomic():
        transactions.insert(payment)
        if not later:
            return charge_agreed(payment=payment, at=at, payee_since=request.payee_since)
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
    assessed = judge_payment(payment, payer.id, at=at, payee_since=payee_since)
    charge_covered(
        payment=payment,
        payer=payer,
        auth=PayerAuth(with_pin=False, agreed=True),
        at=at,
        assessed=assessed,
    )
    return PayOutcome(queries.view(payment, payer), PayResult.PAID)
