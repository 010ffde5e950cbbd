"""The API of settlement terms: a merchant's owner reads them, and stops a change of account."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from merchants.onboarding.callers import actor, caller_id
from merchants.onboarding.queries import merchant_by_number
from merchants.terms import queries
from merchants.terms import serializers as shapes
from merchants.terms.usecases.change_bank_account import cancel_change

TAGS = ["settlement"]
MERCHANT_NUMBER = OpenApiParameter(
    "merchant_number",
    {"type": "string", "pattern": "^[0-9]{16}$"},
    OpenApiParameter.PATH,
    required=True,
)


class Terms(APIView):
    """The terms on which one of the caller's merchants is settled."""

    @extend_schema(
        operation_id="read_settlement_terms",
        tags=TAGS,
        parameters=[MERCHANT_NUMBER],
        responses=shapes.TermsSerializer,
    )
    def get(self, request: Request, merchant_number: str) -> Response:
        merchant = merchant_by_number(merchant_number, owner_id=caller_id(request))
        change = queries.waiting_changes().filter(merchant=merchant).first()
        body = {
            "merchant_id": merchant.merchant_number,
            "fee_bps": merchant.fee_bps,
            "payouts_on_hold": queries.is_on_hold(merchant.id),
            "payout_terms": merchant.payout_terms.all(),
            "fees": merchant.method_fees.all(),
            "bank_account_change": change,
        }
        return Response(shapes.TermsSerializer(body).data)


class BankAccountChangeView(APIView):
    """The change of the bank account that waits."""

    @extend_schema(
        operation_id="cancel_bank_account_change",
        tags=TAGS,
        parameters=[MERCHANT_NUMBER],
        responses=shapes.BankAccountChangeSerializer,
    )
    def delete(self, request: Request, merchant_number: str) -> Response:
        merchant = merchant_by_number(merchant_number, owner_id=caller_id(request))
        change = cancel_change(merchant_id=merchant.id, actor=actor(request))
        return Response(shapes.BankAccountChangeSerializer(change).data)
