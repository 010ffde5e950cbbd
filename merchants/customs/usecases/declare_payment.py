"""Declare a payment to a customs office."""

from config.kernel import clock, transactions
from config.kernel.ids import random_digits
from merchants.acceptance import queries as acceptance
from merchants.customs import queries, rules
from merchants.customs.models import CustomsDeclaration
from merchants.customs.values import Declaration
from merchants.onboarding.values import AppCredentials
from wallet import public as wallet


@transactions.atomic_retry
def declare_payment(
    *, seller: AppCredentials, trade_number: str, declaration: Declaration
) -> CustomsDeclaration:
    """Declare a paid trade, or a part of it; the same number again is the same declaration.

    Raises:
        TradeNotFound: the merchant has no such trade.
        rules.DeclarationConflict: the number was used for another declaration.
        and what `rules.check_declaration` refuses.

    Locks: the payment.
    """
    trade = acceptance.trade(merchant_id=seller.merchant_id, number=trade_number)
    wallet.locked_payment(trade.id)
    row = queries.by_request_no(seller.merchant_id, declaration.request_no)
    if row is not None:
        facts = (row.place, row.customs_code, row.customs_name, row.amount_minor, row.part)
        if row.payment_id != trade.id or facts != declaration.facts:
            raise rules.DeclarationConflict(field="out_request_no")
        return row
    others, declared_minor = queries.declared(trade.id)
    paid_minor = 0 if trade.paid_at is None else trade.amount_minor
    rules.check_declaration(
        declaration,
        kept_minor=paid_minor - trade.refunded_minor,
        declared_minor=declared_minor,
        others=others,
    )
    now = clock.now()
    return CustomsDeclaration.objects.create(
        merchant_id=seller.merchant_id,
        request_no=declaration.request_no,
        number=rules.number(now, random_digits(10)),
        payment_id=trade.id,
        trade_number=trade.number,
        place=declaration.place,
        customs_code=declaration.customs_code,
        customs_name=declaration.customs_name,
        part=declaration.part,
        amount_minor=declaration.amount_minor,
        currency=trade.currency,
        created_at=now,
        due_at=now + rules.ANSWER_AFTER,
    )
