"""The coupons API: claim one, and read what one has."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY, key_of, once_answer
from config.http.serializers import read
from wallet.accounts.authentication import wallet_user
from wallet.coupons import queries
from wallet.coupons import serializers as wire
from wallet.coupons.usecases.claim_coupon import claim_coupon

TAGS = ["coupons"]


class CouponsView(APIView):
    """My coupons."""

    @extend_schema(operation_id="list_coupons", tags=TAGS, responses=wire.CouponAnswer(many=True))
    def get(self, request: Request) -> Response:
        rows = queries.coupons_of(wallet_user(request).id)
        return Response(wire.CouponAnswer(rows, many=True).data)

    @extend_schema(
        operation_id="claim_coupon",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=wire.ClaimRequest,
        responses={201: wire.CouponAnswer},
        description="One coupon of a campaign for each person. Again gives the same one.",
    )
    def post(self, request: Request) -> Response:
        code = read(wire.ClaimRequest, request.data)["campaign"]
        key_of(request)  # A person has one coupon of a campaign, whatever the key.
        row, replayed = claim_coupon(user_id=wallet_user(request).id, code=code)
        return once_answer(wire.CouponAnswer(row).data, replayed=replayed)
