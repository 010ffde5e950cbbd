"""Where the money of a sale goes: to the merchant, or into an account of its own."""

import uuid

from merchants.acceptance import rules
from merchants.acceptance.values import Payee, Sale
from wallet.public import AccountKind, Side, open_account


def payee_for(sale: Sale) -> Payee:
    """Whom the wallet pays for a sale.

    A guaranteed sale's money goes into `escrow:{…}`, which follows from the merchant and
    its order number: it is the buyer's and the merchant's alike until it is released.
    """
    payee = rules.payee_of(sale.seller)
    if sale.escrow_days is None:
        return payee
    name = uuid.uuid5(sale.seller.merchant_uuid, sale.reference)
    payee["payee_account_id"] = open_account(
        code=f"escrow:{name}",
        kind=AccountKind.CLIENT_LIABILITY,
        currency=sale.currency,
        owner_id=sale.seller.merchant_uuid,
        normal_side=Side.CREDIT,
        floor_minor=0,
    )
    return payee
