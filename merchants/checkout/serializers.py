"""Shapes of what a payer's phone hands the wallet."""

from typing import Any

from rest_framework import serializers

from config.http.serializers import StrictSerializer
from merchants.checkout.usecases.pay_app_order import LONGEST


class AgreementLinkSerializer(StrictSerializer):
    """A link as the phone read it."""

    payload = serializers.CharField(max_length=8192, trim_whitespace=False)


class AgreementLinkAnswer(serializers.Serializer[Any]):
    """What opens the offer."""

    token = serializers.RegexField(r"^[0-9A-Z]{26}$")


class AppOrderRequest(StrictSerializer):
    """The whole order string, as the app was given it by its server."""

    order = serializers.CharField(max_length=LONGEST)


class AppOrderPaymentRequest(AppOrderRequest):
    """The order string and the payment PIN."""

    pin = serializers.RegexField(r"^[0-9]{6}\Z", trim_whitespace=False)


class AppOrderAnswer(serializers.Serializer[Any]):
    """What the payer is asked to agree to; verified by us."""

    method = serializers.CharField()
    order = serializers.CharField()
    merchant_name = serializers.CharField()
    description = serializers.CharField()
    amount = serializers.CharField()
    currency = serializers.CharField()
    payment_id = serializers.UUIDField(allow_null=True)
    authorisation_id = serializers.UUIDField(allow_null=True)
    texts = serializers.DictField(child=serializers.CharField())
    waits = serializers.BooleanField()


class AppResultAnswer(serializers.Serializer[Any]):
    """What the wallet answers the app, in the app's own words."""

    resultStatus = serializers.CharField(source="result_status")  # noqa: N815
    memo = serializers.CharField()
    result = serializers.CharField()
