"""The exchange API: payers take quotes, merchants' owners see and refund their orders."""

import uuid
from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY, answer_once, own_key
from config.http.operations import Operations
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

operation = Operations("exchange")
CURRENCY = OpenApiParameter(
    "currency", {"type": "string", "pattern": "^[A-Z]{3}$"}, OpenApiParameter.PATH
)


class Quotes(APIView):
    """What an order in another currency costs."""

    @operation(
        "make_fx_quote",
        takes=wire.FxQuoteRequest,
        gives=wire.FxQuoteAnswer,
        status=201,
        parameters=[IDEMPOTENCY_KEY],
        description="For ten minutes, for the caller, taken once.",
    )
    def post(self, request: Request, values: dict[str, Any]) -> Any:
        reference, merchant_number = values.pop("order_no"), values.pop("merchant_id")

        def run() -> tuple[int, object]:
            quote = make_quote(
                payer_id=caller_id(request),
                merchant_number=merchant_number,
                reference=reference,
                **values,
            )
            return HTTPStatus.CREATED, dict(wire.FxQuoteAnswer(quote).data)

        return answer_once(request, endpoint="fx-quotes", run=run)


class Payments(APIView):
    """Paying with a quote."""

    @operation(
        "take_fx_quote",
        takes=wire.FxPaymentRequest,
        gives=wire.FxPaymentAnswer,
        status=201,
        once=True,
        description="The same key again gives the same payment; another key finds the quote used.",
    )
    def post(self, request: Request, values: dict[str, Any]) -> Any:
        return take_quote(payer_id=caller_id(request), key=own_key(request), **values)


class ForeignAccounts(APIView):
    """A merchant's accounts in other currencies."""

    @operation(
        "open_foreign_account",
        takes=wire.FxCurrencyRequest,
        gives=wire.ForeignAccountAnswer,
        status=201,
        parameters=[MERCHANT],
        description="Opening it again gives it again.",
    )
    def post(self, request: Request, values: dict[str, Any], merchant_number: str) -> Any:
        account_id = open_foreign_account(
            merchant_number=merchant_number, owner_id=caller_id(request), **values
        )
        return _account(account_id)


class ForeignAccount(APIView):
    """One of them."""

    @operation(
        "read_foreign_account", gives=wire.ForeignAccountAnswer, parameters=[MERCHANT, CURRENCY]
    )
    def get(self, request: Request, merchant_number: str, currency: str) -> Any:
        merchant = merchant_by_number(merchant_number, owner_id=caller_id(request))
        return _account(queries.foreign_account(merchant, currency))


class ForeignPayouts(APIView):
    """Paying out what stands there."""

    @operation(
        "pay_out_foreign_account",
        status=422,
        parameters=[MERCHANT, CURRENCY],
        description="Refused: no bank behind the platform pays out in another currency yet.",
    )
    def post(self, request: Request, merchant_number: str, currency: str) -> Any:
        merchant = merchant_by_number(merchant_number, owner_id=caller_id(request))
        queries.foreign_account(merchant, currency)
        raise rules.PayoutUnsupported(currency=currency)


class Order(APIView):
    """One of a merchant's orders that was paid in yuan."""

    @operation("read_fx_payment", gives=wire.FxPaymentAnswer, parameters=[MERCHANT])
    def get(self, request: Request, merchant_number: str, order_no: str) -> Any:
        merchant = merchant_by_number(merchant_number, owner_id=caller_id(request))
        return queries.payment_of_order(merchant, order_no)


class Refunds(APIView):
    """Giving back all or part of it."""

    @operation(
        "refund_fx_payment",
        takes=wire.FxRefundRequest,
        gives=wire.FxRefundAnswer,
        status=201,
        parameters=[MERCHANT],
        description="At the rate it was paid at. The same request_no again gives it again.",
    )
    def post(
        self, request: Request, values: dict[str, Any], merchant_number: str, order_no: str
    ) -> Any:
        return refund_exchange(
            merchant_number=merchant_number,
            owner_id=caller_id(request),
            reference=order_no,
            **values,
        )


def _account(account_id: uuid.UUID) -> dict[str, object]:
    balance = wallet.balance(account_id)
    return {
        "currency": balance.currency,
        "balance": format_amount(balance.posted_minor, balance.currency),
    }
