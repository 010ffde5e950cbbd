"""The coupons API: claim one, and read what one has."""

from typing import Any

from rest_framework.request import Request
from rest_framework.views import APIView

from config.http.idempotency import key_of
from config.http.operations import Operations
from wallet.accounts.authentication import wallet_user
from wallet.coupons import queries
from wallet.coupons import serializers as wire
from wallet.coupons.usecases.claim_coupon import claim_coupon

operation = Operations("coupons")


class CouponsView(APIView):
    """My coupons."""

    @operation("list_coupons", gives=wire.CouponAnswer, many=True)
    def get(self, request: Request) -> Any:
        return queries.coupons_of(wallet_user(request).id)

    @operation(
        "claim_coupon",
        takes=wire.ClaimRequest,
        gives=wire.CouponAnswer,
        status=201,
        once=True,
        description="One coupon of a campaign for each person. Again gives the same one.",
    )
    def post(self, request: Request, values: dict[str, Any]) -> Any:
        key_of(request)  # A person has one coupon of a campaign, whatever the key.
        return claim_coupon(user_id=wallet_user(request).id, code=values["campaign"])
