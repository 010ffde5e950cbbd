"""The funding API: savings, the pay-later line, their order, and consent to offers."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY, once_answer, own_key
from config.http.serializers import read
from wallet.accounts.authentication import wallet_user
from wallet.accounts.serializers import AmountRequest
from wallet.funding import queries, rules
from wallet.funding import serializers as wire
from wallet.funding.usecases.choose_sources import (
    apply_for_line,
    consent_to_offers,
    offers_for,
    set_order,
    withdraw_consent,
)
from wallet.funding.usecases.repay_debt import repay_debt
from wallet.funding.usecases.save_money import move_savings
from wallet.funding.values import SavingsKind

TAGS = ["funding"]


class OrderView(APIView):
    """My sources, in the order in which they are asked after the balance."""

    @extend_schema(operation_id="read_funding_order", tags=TAGS, responses=wire.FundingOrderShape)
    def get(self, request: Request) -> Response:
        return Response({"sources": list(queries.sources_of(wallet_user(request).id))})

    @extend_schema(
        operation_id="set_funding_order",
        tags=TAGS,
        request=wire.FundingOrderShape,
        responses=wire.FundingOrderShape,
        description="The balance is always asked first. A payment comes from all of them "
        "together or from none.",
    )
    def put(self, request: Request) -> Response:
        sources = read(wire.FundingOrderShape, request.data)["sources"]
        return Response({"sources": set_order(user_id=wallet_user(request).id, sources=sources)})


class SavingsView(APIView):
    """What I have saved."""

    @extend_schema(operation_id="read_savings", tags=TAGS, responses=wire.SavingsAnswer)
    def get(self, request: Request) -> Response:
        facts = {
            "balance": queries.savings_minor(wallet_user(request).id),
            "yield_bps": rules.YIELD_BPS,
        }
        return Response(wire.SavingsAnswer(facts).data)


class DepositView(APIView):
    """Put money into my savings."""

    kind = SavingsKind.DEPOSIT

    @extend_schema(
        operation_id="deposit_savings",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=AmountRequest,
        responses={201: wire.SavingsOrderAnswer},
    )
    def post(self, request: Request) -> Response:
        row, replayed = move_savings(
            user_id=wallet_user(request).id,
            key=own_key(request),
            kind=self.kind,
            amount_minor=read(AmountRequest, request.data)["amount_minor"],
        )
        return once_answer(wire.SavingsOrderAnswer(row).data, replayed=replayed)


class RedeemView(DepositView):
    """Take money out of my savings."""

    kind = SavingsKind.REDEEM

    @extend_schema(
        operation_id="redeem_savings",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=AmountRequest,
        responses={201: wire.SavingsOrderAnswer},
    )
    def post(self, request: Request) -> Response:
        return super().post(request)


class CreditView(APIView):
    """My pay-later line."""

    @extend_schema(operation_id="read_credit_line", tags=TAGS, responses=wire.CreditLineAnswer)
    def get(self, request: Request) -> Response:
        line = queries.line_of(wallet_user(request).id)
        if line is None:
            raise rules.NoLine()
        return Response(wire.CreditLineAnswer(line).data)


class ApplicationsView(APIView):
    """Ask the lender for a line."""

    @extend_schema(
        operation_id="apply_for_credit",
        tags=TAGS,
        request=None,
        responses={201: wire.CreditLineAnswer},
        description="For proven adults. Again gives the line there is.",
    )
    def post(self, request: Request) -> Response:
        line = apply_for_line(user_id=wallet_user(request).id)
        return Response(wire.CreditLineAnswer(line).data, status=201)


class BillsView(APIView):
    """What I owe the lender, bill by bill."""

    @extend_schema(
        operation_id="list_credit_bills", tags=TAGS, responses=wire.BillAnswer(many=True)
    )
    def get(self, request: Request) -> Response:
        rows = queries.bills_of(wallet_user(request).id)
        return Response(wire.BillAnswer(rows, many=True).data)


class RepayView(APIView):
    """Repay the lender, the oldest bill first."""

    @extend_schema(
        operation_id="repay_credit",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=AmountRequest,
        responses=wire.CreditLineAnswer,
    )
    def post(self, request: Request) -> Response:
        line, replayed = repay_debt(
            user_id=wallet_user(request).id,
            key=own_key(request),
            amount_minor=read(AmountRequest, request.data)["amount_minor"],
        )
        return once_answer(wire.CreditLineAnswer(line).data, replayed=replayed, status=200)


class ConsentView(APIView):
    """Whether offers may be shown to me."""

    @extend_schema(
        operation_id="consent_to_offers", tags=TAGS, request=None, responses=wire.ConsentAnswer
    )
    def put(self, request: Request) -> Response:
        row = consent_to_offers(user_id=wallet_user(request).id)
        return Response(wire.ConsentAnswer(row).data)

    @extend_schema(operation_id="withdraw_offer_consent", tags=TAGS, responses={204: None})
    def delete(self, request: Request) -> Response:
        withdraw_consent(user_id=wallet_user(request).id)
        return Response(status=204)


class OffersView(APIView):
    """What is offered to me, where I have agreed to that."""

    @extend_schema(
        operation_id="list_funding_offers", tags=TAGS, responses=wire.FundingOfferAnswer(many=True)
    )
    def get(self, request: Request) -> Response:
        return Response(
            wire.FundingOfferAnswer(offers_for(wallet_user(request).id), many=True).data
        )
