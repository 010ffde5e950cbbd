"""Shapes of the consents API."""

from rest_framework import serializers

from merchants.consents import rules
from merchants.consents.models import Grant


class ConsentSerializer(serializers.ModelSerializer[Grant]):
    """One thing a person allows one app."""

    app_id = serializers.CharField(source="app.app_id")
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
            "acts_for",
            "granted_at",
        )
        read_only_fields = fields

    def get_scopes(self, grant: Grant) -> list[str]:
        """What the app may see."""
        return sorted(scope.value for scope in rules.scopes_of(grant.scopes))

    def get_acts_for(self, grant: Grant) -> str:
        """The merchant's app that it may act for; empty for a citizen's consent."""
        return grant.subject_app.app_id if grant.subject_app else ""


class ReturnAddressesSerializer(serializers.Serializer[object]):
    """Where an app's codes may be sent."""

    urls = serializers.ListField(child=serializers.CharField(max_length=255), max_length=10)
