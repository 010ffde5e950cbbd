"""The exchange API: payers take quotes, merchants' owners see and refund their orders."""

import uuid
from http import HTTPStatus

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY, answer_once, once_answer, own_key
from config.http.serializers import read
from merchants.exchange import queries, rules
from merchants.exchange import serializers as wire
from merchants.exchange.usecases.make_quote import make_quote
from merchants.exchange.usecases.open_foreign_account import open_foreign_account
from merchants.exchange.usecases.refund_exchange import refund_exchange
from merchants.exchange.usecases.take_quote import take_quote
from merchants.onboarding.callers import MERCHANT, caller_id
from merchants.onboarding.queries import merchant_by_number
from wallet import public as wallet
from wallet.money import format_amount

TAGS = ["exchange"]
CURRENCY = OpenApiParameter(
    "currency", {"type": "string", "pattern": "^[A-Z]{3}$"}, OpenApiParameter.PATH
)


class Quotes(APIView):
    """What an order in another currency costs."""

    @extend_schema(
        operation_id="make_fx_quote",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=wire.FxQuoteRequest,
        responses={201: wire.FxQuoteAnswer},
        description="For ten minutes, for the caller, taken once.",
    )
    def post(self, request: Request) -> Response:
        facts = read(wire.FxQuoteRequest, request.data)
        reference, merchant_number = facts.pop("order_no"), facts.pop("merchant_id")

        def run() -> tuple[int, object]:
            quote = make_quote(
                payer_id=caller_id(request),
                merchant_number=merchant_number,
                reference=reference,
                **facts,
            )
            return HTTPStatus.CREATED, dict(wire.FxQuoteAnswer(quote).data)

        return answer_once(request, endpoint="fx-quotes", run=run)


class Payments(APIView):
    """Paying with a quote."""

    @extend_schema(
        operation_id="take_fx_quote",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=wire.FxPaymentRequest,
        responses={201: wire.FxPaymentAnswer},
        description="The same key again gives the same payment; another key finds the quote used.",
    )
    def post(self, request: Request) -> Response:
        body = read(wire.FxPaymentRequest, request.data)
        key = own_key(request)
        payment, replayed = take_quote(payer_id=caller_id(request), key=key, **body)
        return once_answer(wire.FxPaymentAnswer(payment).data, replayed=replayed)


class ForeignAccounts(APIView):
    """A merchant's accounts in other currencies."""

    @extend_schema(
        operation_id="open_foreign_account",
        tags=TAGS,
        parameters=[MERCHANT],
        request=wire.FxCurrencyRequest,
        responses={201: wire.ForeignAccountAnswer},
        description="Opening it again gives it again.",
    )
    def post(self, request: Request, merchant_number: str) -> Response:
        body = read(wire.FxCurrencyRequest, request.data)
        account_id = open_foreign_account(
            merchant_number=merchant_number, owner_id=caller_id(request), **body
        )
        return Response(_account(account_id), status=HTTPStatus.CREATED)


class ForeignAccount(APIView):
    """One of them."""

    @extend_schema(
        operation_id="read_foreign_account",
        tags=TAGS,
        parameters=[MERCHANT, CURRENCY],
        responses=wire.ForeignAccountAnswer,
    )
    def get(self, request: Request, merchant_number: str, currency: str) -> Response:
        merchant = merchant_by_number(merchant_number, owner_id=caller_id(request))
        return Response(_account(queries.foreign_account(merchant, currency)))


class ForeignPayouts(APIView):
    """Paying out what stands there."""

    @extend_schema(
        operation_id="pay_out_foreign_account",
        tags=TAGS,
        parameters=[MERCHANT, CURRENCY],
        request=None,
        responses={422: None},
        description="Refused: no bank behind the platform pays out in another currency yet.",
    )
    def post(self, request: Request, merchant_number: str, currency: str) -> Response:
        merchant = merchant_by_number(merchant_number, owner_id=caller_id(request))
        queries.foreign_account(merchant, currency)
        raise rules.PayoutUnsupported(currency=currency)


class Order(APIView):
    """One of a merchant's orders that was paid in yuan."""

    @extend_schema(
        operation_id="read_fx_payment",
        tags=TAGS,
        parameters=[MERCHANT],
        responses=wire.FxPaymentAnswer,
    )
    def get(self, request: Request, merchant_number: str, order_no: str) -> Response:
        merchant = merchant_by_number(merchant_number, owner_id=caller_id(request))
        payment = queries.payment_of_order(merchant, order_no)
        return Response(wire.FxPaymentAnswer(payment).data)


class Refunds(APIView):
    """Giving back all or part of it."""

    @extend_schema(
        operation_id="refund_fx_payment",
        tags=TAGS,
        parameters=[MERCHANT],
        request=wire.FxRefundRequest,
        responses={201: wire.FxRefundAnswer},
        description="At the rate it was paid at. The same request_no again gives it again.",
    )
    def post(self, request: Request, merchant_number: str, order_no: str) -> Response:
        facts = read(wire.FxRefundRequest, request.data)
        refund = refund_exchange(
            merchant_number=merchant_number,
            owner_id=caller_id(request),
            reference=order_no,
            **facts,
        )
        return Response(wire.FxRefundAnswer(refund).data, status=HTTPStatus.CREATED)


def _account(account_id: uuid.UUID) -> dict[str, object]:
    balance = wallet.balance(account_id)
    balances = {
        "currency": balance.currency,
        "balance": format_amount(balance.posted_minor, balance.currency),
    }
    return dict(wire.ForeignAccountAnswer(balances).data)
