"""Shapes of the onboarding API: one for each request, one for each answer."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

from rest_framework import serializers

from config.http.serializers import ModelAnswer, ShownTextField, StrictSerializer
from merchants.onboarding import rules
from merchants.onboarding.models import App, AppKey, Merchant, Store, Till
from merchants.onboarding.usecases.apply_for_merchant import Application
from merchants.onboarding.usecases.rotate_key import LONGEST_OVERLAP, OVERLAP
from merchants.onboarding.values import (
    AppState,
    KeyState,
    MerchantState,
    PersonNaming,
    PlaceState,
    SignType,
)

PRINTABLE = r"^[!-~]([ -~]*[!-~])?$"
HOURS = timedelta(hours=1)


def application_in(values: Mapping[str, Any]) -> Application:
    """A checked application, as the use case takes it."""
    return Application(**{name: values[name] for name in Application.__dataclass_fields__})


class ApplicationSerializer(StrictSerializer):
    """An application; `short_name` and `city` are printable ASCII (EMVCo fields 59, 60)."""

    name = ShownTextField(max_length=64)
    short_name = serializers.RegexField(PRINTABLE, max_length=25)
    mcc = serializers.RegexField(r"^[0-9]{4}$", help_text="ISO 18245 category.")
    city = serializers.RegexField(PRINTABLE, max_length=15)
    zone = serializers.CharField(
        default="Asia/Shanghai", max_length=40, help_text="IANA time zone of the business day."
    )
    cutoff_hour = serializers.IntegerField(default=0, min_value=0, max_value=23)
    payout_bank = serializers.CharField(default="", max_length=64, allow_blank=True)
    payout_account = serializers.RegexField(
        r"^[A-Za-z0-9]{0,34}$", default="", max_length=34, allow_blank=True
    )
    payout_holder = ShownTextField(default="", max_length=64, allow_blank=True)

    def validate_zone(self, zone: str) -> str:
        """Refuse what is no IANA zone."""
        if zone not in available_timezones():
            raise serializers.ValidationError("This is not an IANA time zone.")
        return zone


class NewMerchantSerializer(ApplicationSerializer):
    """An application that may be kept as a draft first."""

    draft = serializers.BooleanField(default=False)


class MerchantSerializer(ModelAnswer[Merchant]):
    """A merchant as its owner sees it."""

    merchant_id = serializers.CharField(source="merchant_number", max_length=16)
    state = serializers.ChoiceField(choices=[state.value for state in MerchantState])

    class Meta:
        model = Merchant
        fields = (
            "merchant_id",
            "name",
            "short_name",
            "mcc",
            "city",
            "country",
            "currency",
            "zone",
            "cutoff_hour",
            "fee_bps",
            "payout_bank",
            "payout_account",
            "payout_holder",
            "state",
            "state_reason",
            "created_at",
            "approved_at",
        )


class NewStoreSerializer(StrictSerializer):
    """A store to be added; `code` is the merchant's own number for it (store_id)."""

    merchant_id = serializers.RegexField(r"^[0-9]{16}$")
    code = serializers.RegexField(PRINTABLE, max_length=32)
    name = ShownTextField(max_length=64)
    address = ShownTextField(default="", max_length=200, allow_blank=True)


class StoreSerializer(ModelAnswer[Store]):
    """A store."""

    merchant_id = serializers.CharField(source="merchant.merchant_number")
    state = serializers.ChoiceField(choices=[state.value for state in PlaceState])

    class Meta:
        model = Store
        fields = ("id", "merchant_id", "code", "name", "address", "state", "created_at")


class NewTerminalSerializer(StrictSerializer):
    """A till to be added; `code` is unique in the merchant (terminal_id)."""

    store_id = serializers.UUIDField()
    code = serializers.RegexField(PRINTABLE, max_length=25)
    label = ShownTextField(  # type: ignore[assignment]  # a field called as DRF's own
        default="", max_length=64, allow_blank=True
    )


class TerminalSerializer(ModelAnswer[Till]):
    """A till."""

    merchant_id = serializers.CharField(source="merchant.merchant_number")
    store_id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=[state.value for state in PlaceState])

    class Meta:
        model = Till
        fields = ("id", "merchant_id", "store_id", "code", "label", "state", "created_at")


class NewAppSerializer(StrictSerializer):
    """An app to be registered."""

    name = ShownTextField(max_length=64)
    notify_url = serializers.CharField(default="", max_length=255, allow_blank=True)


class AppChangeSerializer(StrictSerializer):
    """What can be changed of an app; what is left out stays."""

    notify_url = serializers.CharField(max_length=255, allow_blank=True, required=False)
    person_naming = serializers.ChoiceField(
        choices=[naming.value for naming in PersonNaming],
        required=False,
        help_text="How answers and notifications name a person.",
    )


class AppSerializer(ModelAnswer[App]):
    """An app, with the gateway's public key that its SDK is configured with."""

    app_id = serializers.CharField(source="app_number", max_length=16)
    merchant_id = serializers.CharField(source="merchant.merchant_number")
    state = serializers.ChoiceField(choices=[state.value for state in AppState])
    person_naming = serializers.ChoiceField(choices=[naming.value for naming in PersonNaming])

    class Meta:
        model = App
        fields = (
            "app_id",
            "merchant_id",
            "name",
            "notify_url",
            "person_naming",
            "state",
            "created_at",
        )


class NewKeySerializer(StrictSerializer):
    """A public key, as PEM or as one line of base64; it takes the active one's place."""

    public_key = serializers.CharField(max_length=rules.MAX_KEY_TEXT)
    sign_types = serializers.ListField(
        child=serializers.ChoiceField(choices=[kind.value for kind in SignType]),
        default=[SignType.RSA2.value],
        min_length=1,
        max_length=2,
        help_text="RSA2 is SHA-256; RSA is SHA-1 and for old clients only.",
    )
    overlap_hours = serializers.IntegerField(
        default=OVERLAP // HOURS,
        min_value=0,
        max_value=LONGEST_OVERLAP // HOURS,
        help_text="How long the replaced key is accepted beside the new one.",
    )

    def validate_sign_types(self, kinds: list[str]) -> list[str]:
        """Refuse a kind given twice."""
        if len(set(kinds)) != len(kinds):
            raise serializers.ValidationError("Each sign type once.")
        return kinds


class KeySerializer(ModelAnswer[AppKey]):
    """A public key of an app."""

    state = serializers.ChoiceField(choices=[state.value for state in KeyState])
    sign_types = serializers.SerializerMethodField()

    class Meta:
        model = AppKey
        fields = (
            "id",
            "public_key",
            "fingerprint",
            "bits",
            "sign_types",
            "state",
            "created_at",
            "retires_at",
            "revoked_at",
        )

    def get_sign_types(self, key: AppKey) -> list[str]:
        """The kinds of signature that are accepted from this key."""
        return key.sign_types.split(",")


class KeyPairSerializer(serializers.Serializer[Any]):
    """A new key pair; the private half is in this answer and nowhere else."""

    private_pkcs1_pem = serializers.CharField()
    private_pkcs8_pem = serializers.CharField()
    public_pem = serializers.CharField()
    public_base64 = serializers.CharField()


class GatewayKeySerializer(serializers.Serializer[Any]):
    """The gateway's public key, as one line of base64: the SDKs' "alipay public key"."""

    public_base64 = serializers.CharField()
