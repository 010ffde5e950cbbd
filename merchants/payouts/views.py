"""The payout bank's address: what it says of payouts, in its own language."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.bank_signature import BankSignature
from merchants.payouts.usecases.receive_message import receive_message


class BankMessageStored(serializers.Serializer[Any]):
    """A message that is kept; it is acted on by itself."""

    id = serializers.UUIDField()
    received_at = serializers.DateTimeField()
    processed_at = serializers.DateTimeField(allow_null=True)


class BankMessages(APIView):
    """Messages of the payout bank."""

    authentication_classes = [BankSignature]
    bank_secret = "SAOMA_PAYOUT_BANK_SECRET"  # noqa: S105 - the setting's name
    permission_classes: list[Any] = []

    @extend_schema(
        operation_id="receive_payout_message",
        summary="Take in a pain.002 or camt.054 about payouts, signed with the shared secret",
        tags=["bank"],
        request={"application/xml": OpenApiTypes.BINARY},
        responses={200: BankMessageStored, 201: BankMessageStored},
    )
    def post(self, request: Request) -> Response:
        message, is_new = receive_message(content=request.body)
        return Response(BankMessageStored(message).data, status=201 if is_new else 200)
