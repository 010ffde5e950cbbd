"""Shapes of the scans API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.http.serializers import ShownTextField, StrictSerializer
from merchants.acceptance.values import OrderStatus, Scan, ScanKind
from wallet.money import format_amount, parse_amount

CURRENCY = "CNY"


@extend_schema_field(
    {"type": "string", "pattern": r"^(0\.0[1-9]|0\.[1-9][0-9]?|[1-9][0-9]{0,7}(\.[0-9]{1,2})?)$"}
)
class AmountField(serializers.CharField):
    """Decimal text in yuan, "12.00", read as fen.

    The money module reads it, so that three decimals are told apart from nonsense.
    """

    def to_internal_value(self, data: Any) -> Any:
        """Give the amount in minor units.

        Raises:
            AmountInvalid, AmountPrecision: it is no amount of the currency.
        """
        return parse_amount(super().to_internal_value(data), CURRENCY)


@extend_schema_field({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "example": "12.00"})
class RowMoneyField(serializers.Field[Any, Any, Any, Any]):
    """Minor units on their way out: decimal text in the currency of their row.

    `column` holds them where it is not the field's own name with `_minor`; `of` is the row
    beside this one that has the currency, `currency` names another. A row without one is in yuan.
    """

    def __init__(
        self, column: str = "", *, of: str = "", currency: str = "", **kwargs: Any
    ) -> None:
        super().__init__(read_only=True, source="*", **kwargs)
        self.column, self.of, self.currency = column, of, currency

    def to_representation(self, value: Any) -> str | None:
        """Write the row's minor units in major units; None stays None."""
        amount_minor = getattr(value, self.column or f"{self.field_name}_minor")
        if amount_minor is None:
            return None
        owner = getattr(value, self.of) if self.of else value
        return format_amount(amount_minor, self.currency or getattr(owner, "currency", CURRENCY))


class AmountSerializer(StrictSerializer):
    """What the payer typed, in yuan."""

    amount = AmountField()


class NewScanSerializer(StrictSerializer):
    """A payload as the phone's camera read it, and an amount if the code names none."""

    payload = serializers.CharField(max_length=2048, trim_whitespace=False)
    amount = AmountField(required=False)


class ScannedMerchantSerializer(serializers.Serializer[Any]):
    """Whom the payer pays, as verified by us."""

    id = serializers.CharField()
    name = serializers.CharField()


class ScanSerializer(serializers.Serializer[Scan]):
    """A scanned code: confirm `payment_id` in the payments API, or `authorisation_id` in
    the authorisations API.
    """

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in ScanKind])
    status = serializers.ChoiceField(choices=[status.value for status in OrderStatus])
    order = serializers.CharField(source="reference")
    merchant = serializers.SerializerMethodField()
    description = serializers.CharField()
    amount = serializers.SerializerMethodField()
    currency = serializers.CharField()
    payment_id = serializers.UUIDField(allow_null=True)
    authorisation_id = serializers.UUIDField(allow_null=True)
    payment_number = serializers.CharField(allow_blank=True)
    needs_pin = serializers.BooleanField()
    expires_at = serializers.DateTimeField()
    texts = serializers.DictField(child=serializers.CharField())

    @extend_schema_field(ScannedMerchantSerializer)
    def get_merchant(self, scan: Scan) -> dict[str, str]:
        """Number and verified name of the merchant."""
        return {"id": scan.merchant_number, "name": scan.merchant_name}

    def get_amount(self, scan: Scan) -> str | None:
        """Decimal text in yuan; null while the payer has to type it."""
        if scan.amount_minor is None:
            return None
        return format_amount(scan.amount_minor, scan.currency)


class PlanSerializer(StrictSerializer):
    """What is taken each period; null stops the plan."""

    amount = AmountField(allow_null=True)
    description = ShownTextField(max_length=256, default="", allow_blank=True)


class PlanAnswer(serializers.Serializer[Any]):
    """A plan as it stands."""

    agreement_no = serializers.CharField()
    amount = serializers.CharField(allow_null=True)
    next_on = serializers.DateField(allow_null=True)
