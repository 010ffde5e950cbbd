"""What a merchant's app or page hands the payer's wallet: order strings and agreement links."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY, key_of
from config.http.serializers import read
from merchants.checkout import serializers as shapes
from merchants.checkout.usecases.open_agreement_link import open_agreement_link
from merchants.checkout.usecases.pay_app_order import open_app_order, pay_app_order
from merchants.onboarding.callers import caller_id

TAGS = ["app orders"]


class AppOrders(APIView):
    """Opening an order string."""

    @extend_schema(
        operation_id="open_app_order",
        tags=TAGS,
        request=shapes.AppOrderRequest,
        responses=shapes.AppOrderAnswer,
        parameters=[IDEMPOTENCY_KEY],
        description="Verifies the merchant's signature and shows what is asked. Nothing is "
        "paid. The payment or authorisation then waits for me alone.",
    )
    def post(self, request: Request) -> Response:
        body = read(shapes.AppOrderRequest, request.data)
        key_of(request)  # An order is opened once, whatever the key.
        opened = open_app_order(payer_id=caller_id(request), **body)
        return Response(shapes.AppOrderAnswer(opened.shown()).data)


class AppOrderPayments(APIView):
    """Paying an order string."""

    @extend_schema(
        operation_id="pay_app_order",
        tags=TAGS,
        request=shapes.AppOrderPaymentRequest,
        responses=shapes.AppResultAnswer,
        parameters=[IDEMPOTENCY_KEY],
        description="Pays or authorises with the PIN; `result` is signed by the gateway and "
        "is what the app passes to its server. Paying again gives the result again.",
    )
    def post(self, request: Request) -> Response:
        body = read(shapes.AppOrderPaymentRequest, request.data)
        key_of(request)
        result = pay_app_order(payer_id=caller_id(request), **body)
        return Response(shapes.AppResultAnswer(result).data)


class AgreementLinks(APIView):
    """What a payer's phone was handed to sign an agreement with."""

    @extend_schema(
        operation_id="open_agreement_link",
        tags=["agreements"],
        request=shapes.AgreementLinkSerializer,
        responses={201: shapes.AgreementLinkAnswer},
        description="The address of the signing page, or the wallet's own scheme with "
        "`sign_params`. The token opens the offer, which the payer reads and signs.",
    )
    def post(self, request: Request) -> Response:
        body = read(shapes.AgreementLinkSerializer, request.data)
        agreement = open_agreement_link(payload=body["payload"])
        return Response({"token": agreement.token}, status=201)
