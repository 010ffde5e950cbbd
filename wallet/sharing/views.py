"""The sharing API: split bills and red packets."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY, once_answer, own_key
from config.http.serializers import read
from wallet.accounts.authentication import wallet_user
from wallet.sharing import serializers as wire
from wallet.sharing.usecases.red_packet import claim_share, send_packet
from wallet.sharing.usecases.split_bill import pay_share, see_split, split_bill

TAGS = ["sharing"]


class SplitsView(APIView):
    """Split what I have paid."""

    @extend_schema(
        operation_id="split_bill",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=wire.SplitBillRequest,
        responses={201: wire.SplitBillAnswer},
        description="Equal shares; what does not divide is the caller's.",
    )
    def post(self, request: Request) -> Response:
        values = read(wire.SplitBillRequest, request.data)
        split, replayed = split_bill(
            requester_id=wallet_user(request).id,
            key=own_key(request),
            total_minor=values["amount_minor"],
            phones=values["phones"],
            title=values["title"],
        )
        return once_answer(wire.SplitBillAnswer(split).data, replayed=replayed)


class SplitView(APIView):
    """A split bill in which I have a share."""

    @extend_schema(operation_id="read_split_bill", tags=TAGS, responses=wire.SplitBillAnswer)
    def get(self, request: Request, split_id: uuid.UUID) -> Response:
        split = see_split(split_id=split_id, user_id=wallet_user(request).id)
        return Response(wire.SplitBillAnswer(split).data)


class PayShareView(APIView):
    """Pay my share."""

    @extend_schema(
        operation_id="pay_split_share",
        tags=TAGS,
        request=wire.SharePinRequest,
        responses=wire.SplitBillAnswer,
    )
    def post(self, request: Request, split_id: uuid.UUID) -> Response:
        pin = read(wire.SharePinRequest, request.data)["pin"]
        split = pay_share(split_id=split_id, user_id=wallet_user(request).id, pin=pin)
        return Response(wire.SplitBillAnswer(split).data)


class PacketsView(APIView):
    """Send a red packet."""

    @extend_schema(
        operation_id="send_red_packet",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=wire.RedPacketRequest,
        responses={201: wire.RedPacketAnswer},
        description="What nobody claims within a day comes back.",
    )
    def post(self, request: Request) -> Response:
        values = read(wire.RedPacketRequest, request.data)
        packet, replayed = send_packet(
            sender_id=wallet_user(request).id,
            key=own_key(request),
            total_minor=values["amount_minor"],
            shares=values["shares"],
            pin=values["pin"],
        )
        return once_answer(wire.RedPacketAnswer(packet).data, replayed=replayed)


class ClaimView(APIView):
    """Take my share of a red packet."""

    @extend_schema(
        operation_id="claim_red_packet",
        tags=TAGS,
        request=None,
        responses={201: wire.PacketClaimAnswer},
    )
    def post(self, request: Request, packet_id: uuid.UUID) -> Response:
        row = claim_share(packet_id=packet_id, user_id=wallet_user(request).id)
        return Response(wire.PacketClaimAnswer(row).data, status=201)
