"""The bank's door: what it says of top-ups and withdrawals."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.bank_signature import BankSignature
from config.http.serializers import read
from config.kernel import clock
from wallet.accounts import serializers as wire
from wallet.accounts.usecases.receive_callback import receive_callback
from wallet.accounts.values import BankResult


class BankAnswersView(APIView):
    """Answers of the bank."""

    authentication_classes = [BankSignature]
    bank_secret = "SAOMA_BANK_SECRET"  # noqa: S105 - the setting's name
    permission_classes: list[Any] = []

    @extend_schema(
        operation_id="receive_bank_answer",
        summary="Take in the bank's answer to an instruction, signed with the shared secret",
        tags=["bank"],
        request=wire.BankAnswerRequest,
        responses={200: wire.BankAnswerStored, 201: wire.BankAnswerStored},
    )
    def post(self, request: Request) -> Response:
        values = read(wire.BankAnswerRequest, request.data)
        values["result"] = BankResult(values["result"])
        callback, is_new = receive_callback(**values, now=clock.now())
        return Response(wire.BankAnswerStored(callback).data, status=201 if is_new else 200)
