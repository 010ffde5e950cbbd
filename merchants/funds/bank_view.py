"""Endpoint for the card bank's replies about transfers to cards."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.bank_signature import BankSignature
from config.http.serializers import read
from merchants.funds import serializers as shapes
from merchants.funds.usecases.receive_bank_reply import receive_bank_reply
from merchants.payouts.values import BankResult


class CardAnswers(APIView):
    """Answers of the card bank."""

    authentication_classes = [BankSignature]
    bank_secret = "SAOMA_CARD_BANK_SECRET"  # noqa: S105 - the setting's name
    permission_classes: list[Any] = []

    @extend_schema(
        operation_id="receive_card_answer",
        summary="Take in the bank's answer to a transfer to a card, signed with the shared secret",
        tags=["bank"],
        request=shapes.CardAnswerRequest,
        responses={200: shapes.CardAnswerStored, 201: shapes.CardAnswerStored},
    )
    def post(self, request: Request) -> Response:
        values = read(shapes.CardAnswerRequest, request.data)
        answer, is_new = receive_bank_reply(
            number=values.pop("transfer_number"),
            result=BankResult(values.pop("result")),
            **values,
        )
        return Response(shapes.CardAnswerStored(answer).data, status=201 if is_new else 200)
