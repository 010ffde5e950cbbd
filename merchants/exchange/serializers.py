"""Shapes of the exchange API. Amounts are decimal text with all of their currency's decimals."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.http.serializers import ModelAnswer, StrictSerializer
from config.kernel import clock
from merchants.acceptance.serializers import RowMoneyField
from merchants.exchange import rules
from merchants.exchange.models import FxPayment, FxQuote, FxRefund
from merchants.exchange.values import PAID_IN, QuoteState
from wallet.money import parse_amount

PRINTABLE = r"^[!-~]([ -~]*[!-~])?$"


class FxCurrencyRequest(StrictSerializer):
    """A currency into which something is exchanged."""

    currency = serializers.RegexField(r"^[A-Z]{3}\Z", trim_whitespace=False)

    def validate_currency(self, currency: str) -> str:
        """Refuse what nothing is exchanged into.

        Raises:
            CurrencyNotExchanged: so it is.
        """
        rules.check_currency(currency)
        return currency


class FxAmountRequest(FxCurrencyRequest):
    """An amount in the merchant's currency."""

    amount = serializers.RegexField(r"^[0-9]{1,12}(\.[0-9]{1,4})?\Z", trim_whitespace=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Turn the text into whole minor units.

        Raises:
            AmountPrecision: more decimals than the currency has.
        """
        attrs["amount_minor"] = parse_amount(attrs.pop("amount"), attrs["currency"])
        return attrs


class FxQuoteRequest(FxAmountRequest):
    """An order of a merchant's."""

    merchant_id = serializers.RegexField(r"^[0-9]{16}\Z")
    order_no = serializers.RegexField(PRINTABLE, max_length=64)


class FxPaymentRequest(FxAmountRequest):
    """The quote that is taken, what it is taken for, and the payer's PIN."""

    quote_id = serializers.UUIDField()
    pin = serializers.RegexField(r"^[0-9]{6}\Z", trim_whitespace=False)


class FxRefundRequest(FxAmountRequest):
    """What goes back, under the merchant's own number for it."""

    request_no = serializers.RegexField(PRINTABLE, max_length=64)


class ForeignAccountAnswer(serializers.Serializer[Any]):
    """A merchant's account in another currency."""

    currency = serializers.CharField()
    balance = serializers.CharField()


class FxQuoteAnswer(ModelAnswer[FxQuote]):
    """A quote: `pay_amount` in yuan, mark-up included; `rate` is yuan for one major unit."""

    merchant_id = serializers.CharField(source="merchant.merchant_number")
    order_no = serializers.CharField(source="reference")
    amount = RowMoneyField()
    pay_amount = RowMoneyField("paid_minor", currency=PAID_IN)
    rate = serializers.SerializerMethodField()
    state = serializers.SerializerMethodField()

    class Meta:
        model = FxQuote
        fields = (
            "id", "merchant_id", "order_no", "amount", "currency", "pay_amount", "rate",
            "markup_bps", "state", "expires_at",
        )  # fmt: skip

    def get_rate(self, quote: FxQuote) -> str:
        """The rate as decimal text."""
        return rules.rate_text(quote.rate_micro)

    @extend_schema_field(serializers.ChoiceField(choices=[state.value for state in QuoteState]))
    def get_state(self, quote: FxQuote) -> str:
        """Where it stands now."""
        used = quote.used_at is not None
        return rules.state_of(used=used, expires_at=quote.expires_at, at=clock.now()).value


class FxPaymentAnswer(ModelAnswer[FxPayment]):
    """A payment: `amount` and `refunded` in the merchant's currency, the others in yuan."""

    order_no = serializers.CharField(source="reference")
    amount = RowMoneyField()
    refunded = RowMoneyField()
    paid = RowMoneyField(currency=PAID_IN)
    returned = RowMoneyField(currency=PAID_IN)
    rate = serializers.SerializerMethodField()

    class Meta:
        model = FxPayment
        fields = (
            "id", "quote_id", "order_no", "amount", "currency", "refunded", "paid", "returned",
            "rate", "paid_at",
        )  # fmt: skip

    def get_rate(self, payment: FxPayment) -> str:
        """The rate as decimal text."""
        return rules.rate_text(payment.quote.rate_micro)


class FxRefundAnswer(ModelAnswer[FxRefund]):
    """A refund: `amount` in the merchant's currency, `returned` in yuan."""

    amount = RowMoneyField(of="payment")
    returned = RowMoneyField(currency=PAID_IN)
    currency = serializers.CharField(source="payment.currency")

    class Meta:
        model = FxRefund
        fields = ("id", "request_no", "amount", "currency", "returned", "created_at")
