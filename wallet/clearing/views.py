"""The clearing API: a merchant of another placement unit is paid."""

import uuid
from typing import Any

from rest_framework.request import Request
from rest_framework.views import APIView

from config.http.idempotency import own_key
from config.http.operations import Operations
from wallet.accounts.authentication import wallet_user
from wallet.clearing import queries
from wallet.clearing import serializers as wire
from wallet.clearing.usecases.pay_across import pay_across

operation = Operations("clearing")


class UnitTransfersView(APIView):
    """Payments to merchants of other units."""

    @operation(
        "pay_across",
        takes=wire.UnitTransferRequest,
        gives=wire.UnitTransferAnswer,
        status=201,
        once=True,
        summary="Pay a merchant of another placement unit",
        description="The money leaves the wallet at once (SENT) and reaches the merchant's "
        "balance a moment later (COMPLETED), or comes back (RETURNED) with a reason. The same "
        "Idempotency-Key with the same content gives the first transfer again.",
    )
    def post(self, request: Request, values: dict[str, Any]) -> Any:
        return pay_across(key=own_key(request), payer_id=wallet_user(request).id, **values)


class UnitTransferView(APIView):
    """One of my payments to another unit."""

    @operation(
        "get_unit_transfer",
        gives=wire.UnitTransferAnswer,
        summary="What has become of a payment to another unit",
    )
    def get(self, request: Request, transfer_id: uuid.UUID) -> Any:
        return queries.transfer_of_payer(payer_id=wallet_user(request).id, transfer_id=transfer_id)
