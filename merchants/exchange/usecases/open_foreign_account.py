"""Open a merchant's account in another currency."""

import uuid

from config.kernel import transactions
from merchants.acceptance.rules import MerchantNotActive
from merchants.exchange import queries, rules
from merchants.exchange.usecases.value_positions import plan_valuation
from merchants.exchange.values import PAID_IN
from merchants.onboarding.queries import merchant_by_number
from merchants.onboarding.values import MerchantState
from wallet import public as wallet


@transactions.atomic_retry
def open_foreign_account(*, merchant_number: str, owner_id: uuid.UUID, currency: str) -> uuid.UUID:
    """Let a merchant be credited in a currency; again gives the same account.

    The platform's positions in it and in yuan are opened with it. A position is a
    receivable: yuan taken in are owed to the market that delivers the other currency, so
    what covers clients' money stays right in each currency by itself.

    Raises:
        CurrencyNotExchanged: nothing is exchanged into the currency.
        MerchantNotFound: the merchant is not the owner's.
        MerchantNotActive: it is not approved.
    """
    rules.check_currency(currency)
    merchant = merchant_by_number(merchant_number, owner_id=owner_id)
    if merchant.state != MerchantState.APPROVED:
        raise MerchantNotActive(state=merchant.state)
    for one in (PAID_IN, currency):
        wallet.open_account(
            code=f"fx:position:{one}",
            kind=wallet.AccountKind.RECEIVABLE,
            currency=one,
            normal_side=wallet.Side.DEBIT,
            hot=True,
            floor_minor=None,
        )
    plan_valuation(currency)
    return wallet.open_account(
        code=queries.foreign_account_code(merchant, currency),
        kind=wallet.AccountKind.CLIENT_LIABILITY,
        currency=currency,
        owner_id=merchant.id,
        normal_side=wallet.Side.CREDIT,
        hot=True,
        unit=merchant.unit,
    )
