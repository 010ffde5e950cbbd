"""Build the wallet's payment request for a sale: paid to the merchant, or into escrow."""

import uuid
from dataclasses import replace
from datetime import datetime

from merchants.acceptance import rules
from merchants.acceptance.values import Sale
from wallet.public import AccountKind, PayRequest, Side, open_account


def pay_request(sale: Sale, *, now: datetime) -> PayRequest:
    """What the wallet is asked to pay for a sale, guaranteed or not."""
    request = PayRequest(
        **rules.payee_of(sale.seller),
        payee_since=sale.seller.merchant_since,
        reference=sale.reference,
        description=sale.subject,
        amount_minor=sale.amount_minor,
        currency=sale.currency,
        expires_at=sale.expires_at or now + rules.LONGEST_LIFE,
        details=rules.details_of(sale),
    )
    return request if sale.escrow_days is None else into_escrow(request)


def into_escrow(request: PayRequest) -> PayRequest:
    """The same request, paid into the trade's own account.

    A guaranteed sale's money goes into `escrow:{…}`, which follows from the merchant and
    its order number: it is the buyer's and the merchant's alike until it is released.
    """
    account_id = open_escrow(request.payee_id, request.reference, request.currency)
    return replace(request, payee_account_id=account_id)


def open_escrow(payee_id: uuid.UUID, reference: str, currency: str) -> uuid.UUID:
    """The account in which one trade's money waits; again gives the same."""
    account_id: uuid.UUID = open_account(
        code=f"escrow:{uuid.uuid5(payee_id, reference)}",
        kind=AccountKind.CLIENT_LIABILITY,
        currency=currency,
        owner_id=payee_id,
        normal_side=Side.CREDIT,
        floor_minor=0,
    )
    return account_id
