"""Make a payment's row from what its payee asks for: the one place that does."""

import uuid
from datetime import datetime

from config.kernel import ids
from wallet.payments import rules
from wallet.payments.models import Payment
from wallet.payments.values import Method, PayRequest, PresentedKind


def build_payment(
    request: PayRequest,
    *,
    at: datetime,
    method: Method,
    payer_id: uuid.UUID | None = None,
    presented: PresentedKind = PresentedKind.DYNAMIC,
    needs_pin: bool = False,
) -> Payment:
    """Make an unpaid payment that is not saved yet, with its id and its 28-digit number.

    Args:
        request: what the payee asks for.
        at: when it asks.
        method: how payer and payee met.
        payer_id: wallet user who is to pay; None for whoever comes first.
        presented: what was shown; a printed code has a lower daily limit.
        needs_pin: whether only the payer's PIN moves it on.

    Raises:
        TextInvalid: the details cannot be stored.
    """
    rules.details_text(request.details)
    payment_id, unit = ids.uuid7(), ids.unit_of(request.payee_id)
    on = rules.business_date(at, request.payee_zone)
    return Payment(
        id=payment_id,
        number=rules.payment_number(payment_id, on=on, unit=unit),
        method=method,
        presented=presented,
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
        needs_pin=needs_pin,
        created_at=at,
        expires_at=request.expires_at,
        details=dict(request.details),
        unit=unit,
    )
