"""App orders: the strings that merchants' apps hand the payer's wallet."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY, key_of
from config.http.serializers import StrictSerializer
from merchants.gateway.usecases.pay_app_order import LONGEST, open_app_order, pay_app_order
from merchants.onboarding.callers import caller_id

TAGS = ["app orders"]


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
    waits = serializers.BooleanField()


class AppResultAnswer(serializers.Serializer[Any]):
    """What the wallet answers the app, in the app's own words."""

    resultStatus = serializers.CharField(source="result_status")  # noqa: N815
    memo = serializers.CharField()
    result = serializers.CharField()


class AppOrders(APIView):
    """Opening an order string."""

    @extend_schema(
        operation_id="open_app_order",
        tags=TAGS,
        request=AppOrderRequest,
        responses=AppOrderAnswer,
        parameters=[IDEMPOTENCY_KEY],
        description="Verifies the merchant's signature and shows what is asked. Nothing is "
        "paid. The payment or authorisation then waits for me alone.",
    )
    def post(self, request: Request) -> Response:
        body = AppOrderRequest(data=request.data)
        body.is_valid(raise_exception=True)
        key_of(request)  # An order is opened once, whatever the key.
        opened = open_app_order(payer_id=caller_id(request), **body.validated_data)
        return Response(AppOrderAnswer(opened.shown()).data)


class AppOrderPayments(APIView):
    """Paying an order string."""

    @extend_schema(
        operation_id="pay_app_order",
        tags=TAGS,
        request=AppOrderPaymentRequest,
        responses=AppResultAnswer,
        parameters=[IDEMPOTENCY_KEY],
        description="Pays or authorises with the PIN; `result` is signed by the gateway and "
        "is what the app passes to its server. Paying again gives the result again.",
    )
    def post(self, request: Request) -> Response:
        body = AppOrderPaymentRequest(data=request.data)
        body.is_valid(raise_exception=True)
        key_of(request)
        done = pay_app_order(payer_id=caller_id(request), **body.validated_data)
        return Response(AppResultAnswer(done).data)
