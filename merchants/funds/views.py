"""The balance API: a merchant's owner looks at its balance and tops it up."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY, once_answer, own_key
from config.http.serializers import read
from merchants.funds import queries
from merchants.funds import serializers as shapes
from merchants.funds.usecases.top_up_balance import top_up_balance
from merchants.onboarding import queries as onboarding
from merchants.onboarding.callers import caller_id
from wallet.money import format_amount

TAGS = ["merchants"]
MERCHANT_NUMBER = OpenApiParameter(
    "merchant_id",
    {"type": "string", "pattern": "^[0-9]{16}$"},
    OpenApiParameter.PATH,
    required=True,
)


class MerchantBalance(APIView):
    """The balance of one of the caller's merchants."""

    @extend_schema(
        operation_id="read_merchant_balance",
        tags=TAGS,
        parameters=[MERCHANT_NUMBER],
        responses=shapes.BalanceSerializer,
    )
    def get(self, request: Request, merchant_number: str) -> Response:
        merchant = onboarding.merchant_by_number(merchant_number, owner_id=caller_id(request))
        balance = queries.balance_of(merchant)
        balance_facts = {
            "merchant_id": merchant.merchant_number,
            "currency": balance.currency,
            "available": format_amount(balance.available_minor, balance.currency),
            "held": format_amount(balance.held_minor, balance.currency),
        }
        return Response(shapes.BalanceSerializer(balance_facts).data)


class MerchantBalanceTopups(APIView):
    """Money from the owner's wallet to the merchant's balance."""

    @extend_schema(
        operation_id="top_up_merchant_balance",
        tags=TAGS,
        parameters=[MERCHANT_NUMBER, IDEMPOTENCY_KEY],
        request=shapes.BalanceTopupRequest,
        responses={201: shapes.BalanceTopupSerializer},
        description="At once. The balance pays transfers; it is apart from sales and payouts.",
    )
    def post(self, request: Request, merchant_number: str) -> Response:
        body = read(shapes.BalanceTopupRequest, request.data)
        merchant = onboarding.merchant_by_number(merchant_number, owner_id=caller_id(request))
        topup, replayed = top_up_balance(
            merchant_id=merchant.id,
            key=own_key(request),
            amount_minor=body["amount"],
            pin=body["pin"],
        )
        topup_facts = {
            "id": topup.id,
            "merchant_id": merchant.merchant_number,
            "amount": format_amount(topup.amount_minor, topup.currency),
            "currency": topup.currency,
            "created_at": topup.created_at,
        }
        return once_answer(shapes.BalanceTopupSerializer(topup_facts).data, replayed=replayed)
