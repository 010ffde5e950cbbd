"""A merchant with an account in another currency, a payer, and their quotes."""

from dataclasses import dataclass, field

from merchants.exchange import queries
from merchants.exchange.models import FxPayment, FxQuote, FxRefund
from merchants.exchange.usecases.make_quote import make_quote
from merchants.exchange.usecases.open_foreign_account import open_foreign_account
from merchants.exchange.usecases.refund_exchange import refund_exchange
from merchants.exchange.usecases.take_quote import take_quote
from merchants.onboarding.models import Merchant
from tests.factories.accounts import PIN
from tests.factories.settlement import make_merchant, make_payer
from wallet.accounts.models import WalletUser
from wallet.ledger.queries import balance
from wallet.ledger.values import account_id


@dataclass
class Abroad:
    """A shop that is credited in `currency`, and who buys there."""

    currency: str = "EUR"
    buyer: WalletUser = field(default_factory=lambda: make_payer(1_000_00))
    shop: Merchant = field(default_factory=make_merchant)

    def __post_init__(self) -> None:
        open_foreign_account(
            merchant_number=self.shop.merchant_number,
            owner_id=self.shop.owner_id,
            currency=self.currency,
        )

    def quote(self, amount_minor: int, order: str = "o-1") -> FxQuote:
        return make_quote(
            payer_id=self.buyer.id,
            merchant_number=self.shop.merchant_number,
            reference=order,
            amount_minor=amount_minor,
            currency=self.currency,
        )

    def take(self, quote: FxQuote, key: str = "k", amount_minor: int | None = None) -> FxPayment:
        payment, _ = take_quote(
            quote_id=quote.id,
            payer_id=self.buyer.id,
            key=key,
            amount_minor=quote.amount_minor if amount_minor is None else amount_minor,
            currency=self.currency,
            pin=PIN,
        )
        return payment

    def refund(self, amount_minor: int, number: str = "r-1", order: str = "o-1") -> FxRefund:
        return refund_exchange(
            merchant_number=self.shop.merchant_number,
            owner_id=self.shop.owner_id,
            reference=order,
            request_no=number,
            amount_minor=amount_minor,
            currency=self.currency,
        )

    def shop_minor(self) -> int:
        return balance(queries.foreign_account(self.shop, self.currency)).posted_minor

    def position_minor(self, currency: str) -> int:
        return balance(queries.position(currency)).posted_minor

    def gain_minor(self) -> int:
        """The gain in the books that is not yet realised, in fen."""
        code = f"fx:valuation:{self.currency}"
        return balance(account_id(code)).posted_minor
