"""Where the money of a sale goes: to the merchant, or into an account of its own."""

import uuid

from merchants.acceptance import rules
from merchants.acceptance.values import Payee, Sale
from wallet.public import AccountKind, Side, open_account


def payee_for(sale: Sale) -> Payee:
    """Whom the wallet pays for a sale, guaranteed or not."""
    payee = rules.payee_of(sale.seller)
    if sale.escrow_days is None:
        return payee
    return into_escrow(payee, reference=sale.reference, currency=sale.currency)


def into_escrow(payee: Payee, *, reference: str, currency: str) -> Payee:
    """The same payee, paid into the trade's own account.

    A guaranteed sale's money goes into `escrow:{…}`, which follows from the merchant and
    its order number: it is the buyer's and the merchant's alike until it is released.
    """
    name = uuid.uuid5(payee["payee_id"], reference)
    account_id = open_account(
        code=f"escrow:{name}",
        kind=AccountKind.CLIENT_LIABILITY,
        currency=currency,
        owner_id=payee["payee_id"],
        normal_side=Side.CREDIT,
        floor_minor=0,
    )
    return {**payee, "payee_account_id": account_id}
