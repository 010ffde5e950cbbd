"""Splits made by the real use cases."""

import itertools

from merchants.onboarding.models import Merchant
from merchants.onboarding.values import AppCredentials
from merchants.splits.models import Split
from merchants.splits.usecases.bind_payees import bind_payees
from merchants.splits.usecases.refund_with_shares import refund_with_shares
from merchants.splits.usecases.split_trade import split_trade
from merchants.splits.values import Named, NamedBy, Part, Take
from tests.factories.merchants import credentials, make_app
from wallet.accounts.models import WalletUser
from wallet.payments.values import PaymentView, RefundOutcome

_numbers = itertools.count(1)


def named(payee: WalletUser) -> Named:
    """A payee by number."""
    return Named(NamedBy.NUMBER, payee.user_number)


def bind(merchant: Merchant, payee: WalletUser) -> None:
    """Bind a payee."""
    bind_payees(merchant_id=merchant.id, payees=[named(payee)])


def seller_of(merchant: Merchant) -> AppCredentials:
    """Credentials of the merchant's app, made on first use."""
    return credentials(merchant.apps.first() or make_app(merchant))


def split(merchant: Merchant, payment: PaymentView, payee: WalletUser, amount_minor: int) -> Split:
    """Give a bound payee a part of a trade at once."""
    return split_trade(
        seller=seller_of(merchant),
        number=payment.number,
        request_no=f"split-{next(_numbers)}",
        parts=[Part(named(payee), amount_minor)],
    )


def refund_with(
    merchant: Merchant, payment: PaymentView, payee: WalletUser, amount_minor: int
) -> RefundOutcome:
    """Refund with the payee's share in proportion."""
    return refund_with_shares(
        seller=seller_of(merchant),
        amount_minor=amount_minor,
        takes=[Take(named(payee), None)],
        number=payment.number,
        request_no=f"refund-with-{next(_numbers)}",
    )
