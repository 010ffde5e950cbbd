"""The sharing API: split bills and red packets."""

import uuid
from typing import Any

from rest_framework.request import Request
from rest_framework.views import APIView

from config.http.idempotency import own_key
from config.http.operations import Operations
from wallet.accounts.authentication import wallet_user
from wallet.sharing import serializers as wire
from wallet.sharing.usecases.red_packet import claim_share, send_packet
from wallet.sharing.usecases.split_bill import close_split, pay_share, see_split, split_bill

operation = Operations("sharing")


class SplitsView(APIView):
    """Split what I have paid."""

    @operation(
        "split_bill",
        takes=wire.SplitBillRequest,
        gives=wire.SplitBillAnswer,
        status=201,
        once=True,
        description="Equal shares; what does not divide is the caller's.",
    )
    def post(self, request: Request, values: dict[str, Any]) -> Any:
        return split_bill(
            requester_id=wallet_user(request).id,
            key=own_key(request),
            total_minor=values.pop("amount_minor"),
            **values,
        )


class SplitView(APIView):
    """A split bill in which I have a share."""

    @operation("read_split_bill", gives=wire.SplitBillAnswer)
    def get(self, request: Request, split_id: uuid.UUID) -> Any:
        return see_split(split_id=split_id, user_id=wallet_user(request).id)


class PayShareView(APIView):
    """Pay my share."""

    @operation("pay_split_share", takes=wire.SharePinRequest, gives=wire.SplitBillAnswer)
    def post(self, request: Request, values: dict[str, Any], split_id: uuid.UUID) -> Any:
        return pay_share(split_id=split_id, user_id=wallet_user(request).id, **values)


class CloseSplitView(APIView):
    """Ask nobody for a share of my bill any more."""

    @operation("close_split_bill", gives=wire.SplitBillAnswer)
    def post(self, request: Request, split_id: uuid.UUID) -> Any:
        return close_split(split_id=split_id, requester_id=wallet_user(request).id)


class PacketsView(APIView):
    """Send a red packet."""

    @operation(
        "send_red_packet",
        takes=wire.RedPacketRequest,
        gives=wire.RedPacketAnswer,
        status=201,
        once=True,
        description="What nobody claims within a day comes back.",
    )
    def post(self, request: Request, values: dict[str, Any]) -> Any:
        return send_packet(
            sender_id=wallet_user(request).id,
            key=own_key(request),
            total_minor=values.pop("amount_minor"),
            **values,
        )


class ClaimView(APIView):
    """Take my share of a red packet."""

    @operation("claim_red_packet", gives=wire.PacketClaimAnswer, status=201)
    def post(self, request: Request, packet_id: uuid.UUID) -> Any:
        return claim_share(packet_id=packet_id, user_id=wallet_user(request).id)
