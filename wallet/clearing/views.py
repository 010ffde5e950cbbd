"""The clearing API: a merchant of another placement unit is paid."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY, once_answer, own_key
from config.http.serializers import read
from wallet.accounts.authentication import wallet_user
from wallet.clearing import queries
from wallet.clearing import serializers as wire
from wallet.clearing.usecases.pay_across import pay_across

TAGS = ["clearing"]


class UnitTransfersView(APIView):
    """Payments to merchants of other units."""

    @extend_schema(
        operation_id="pay_across",
        summary="Pay a merchant of another placement unit",
        description="The money leaves the wallet at once (SENT) and reaches the merchant's "
        "balance a moment later (COMPLETED), or comes back (RETURNED) with a reason. The same "
        "Idempotency-Key with the same content gives the first transfer again.",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=wire.UnitTransferRequest,
        responses={201: wire.UnitTransferAnswer},
    )
    def post(self, request: Request) -> Response:
        values = read(wire.UnitTransferRequest, request.data)
        transfer, replayed = pay_across(
            key=own_key(request), payer_id=wallet_user(request).id, **values
        )
        return once_answer(wire.UnitTransferAnswer(transfer).data, replayed=replayed)


class UnitTransferView(APIView):
    """One of my payments to another unit."""

    @extend_schema(
        operation_id="get_unit_transfer",
        summary="What has become of a payment to another unit",
        tags=TAGS,
        responses=wire.UnitTransferAnswer,
    )
    def get(self, request: Request, transfer_id: uuid.UUID) -> Response:
        user_id = wallet_user(request).id
        transfer = queries.transfer_of_payer(payer_id=user_id, transfer_id=transfer_id)
        return Response(wire.UnitTransferAnswer(transfer).data)
