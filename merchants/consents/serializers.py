"""Shapes of the consents API."""

from rest_framework import serializers

from config.http.serializers import ModelAnswer
from merchants.consents import rules
from merchants.consents.models import Grant
from wallet import public as wallet
from wallet.money import format_amount


class ConsentSerializer(ModelAnswer[Grant]):
    """One thing a person allows one app."""

    app_id = serializers.CharField(source="app.app_number")
    app_name = serializers.CharField(source="app.name")
    merchant_name = serializers.CharField(source="app.merchant.name")
    scopes = serializers.SerializerMethodField()
    acts_for = serializers.SerializerMethodField()

    class Meta:
        model = Grant
        fields = (
            "id",
            "kind",
            "app_id",
            "app_name",
            "merchant_name",
            "scopes",
            "purpose",
            "acts_for",
            "granted_at",
        )

    def get_scopes(self, grant: Grant) -> list[str]:
        """What the app may see."""
        return sorted(scope.value for scope in rules.scopes_of(grant.scopes))

    def get_acts_for(self, grant: Grant) -> str:
        """The merchant's app that it may act for; empty for a citizen's consent."""
        return grant.subject_app.app_number if grant.subject_app else ""


class PurchaseSerializer(serializers.Serializer[wallet.PaymentView]):
    """One purchase, as the app's merchant has it in its own books."""

    trade_no = serializers.CharField(source="number")
    out_trade_no = serializers.CharField(source="reference")
    subject = serializers.CharField(source="description")
    amount = serializers.SerializerMethodField()
    refunded = serializers.SerializerMethodField()
    currency = serializers.CharField()
    paid_at = serializers.DateTimeField()

    def get_amount(self, payment: wallet.PaymentView) -> str:
        """In major units, as text."""
        return format_amount(payment.amount_minor, payment.currency)

    def get_refunded(self, payment: wallet.PaymentView) -> str:
        """In major units, as text."""
        return format_amount(payment.refunded_minor, payment.currency)


class HistorySerializer(serializers.Serializer[object]):
    """What a citizen bought at the app's merchant, and what they let it be read for."""

    open_id = serializers.CharField()
    purpose = serializers.CharField()
    since = serializers.DateTimeField()
    purchases = PurchaseSerializer(many=True)


class ReturnAddressesSerializer(serializers.Serializer[object]):
    """Where an app's codes may be sent."""

    urls = serializers.ListField(child=serializers.CharField(max_length=255), max_length=10)
