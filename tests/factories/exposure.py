"""Merchants with a debt, or with credit, and refunds as their programs ask for them."""

import itertools

from merchants.acceptance.usecases.refund import refund_trade
from merchants.onboarding.models import Merchant
from tests.factories.settlement import sell
from tests.factories.splits import seller_of
from wallet.accounts.models import WalletUser
from wallet.payments.usecases.refund_payment import refund_payment
from wallet.payments.values import PaymentView, RefundOutcome

_numbers = itertools.count(1)


def allow_credit(merchant: Merchant, ceiling_minor: int) -> None:
    """Give a merchant a ceiling of its own."""
    Merchant.objects.filter(id=merchant.id).update(credit_minor=ceiling_minor)


def refund(merchant: Merchant, trade: PaymentView, amount_minor: int) -> RefundOutcome:
    """Refund as the merchant's program does, judged like every refund."""
    return refund_trade(
        seller=seller_of(merchant),
        number=trade.number,
        request_no=f"refund-on-{next(_numbers)}",
        amount_minor=amount_minor,
    )


def put_into_debt(merchant: Merchant, owed_minor: int, *, payer: WalletUser) -> None:
    """Sell and refund on credit alone, past every rule: the sale stays, so does the debt."""
    assert merchant.receivable_account_id is not None
    trade = sell(merchant, owed_minor, payer=payer)
    refund_payment(
        payment_id=trade.id,
        request_no="on credit",
        amount_minor=owed_minor,
        refund_accounts=[merchant.receivable_account_id],
    )
