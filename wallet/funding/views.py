"""The funding API: savings, the pay-later line, their order, and consent to offers."""

from typing import Any

from rest_framework.request import Request
from rest_framework.views import APIView

from config.http.idempotency import own_key
from config.http.operations import Operations
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

operation = Operations("funding")


class OrderView(APIView):
    """My sources, in the order in which they are asked after the balance."""

    @operation("read_funding_order", gives=wire.FundingOrderShape)
    def get(self, request: Request) -> Any:
        return {"sources": queries.sources_of(wallet_user(request).id)}

    @operation(
        "set_funding_order",
        takes=wire.FundingOrderShape,
        gives=wire.FundingOrderShape,
        description="The balance is always asked first. A payment comes from all of them "
        "together or from none.",
    )
    def put(self, request: Request, values: dict[str, Any]) -> Any:
        return {"sources": set_order(user_id=wallet_user(request).id, **values)}


class SavingsView(APIView):
    """What I have saved."""

    @operation("read_savings", gives=wire.SavingsAnswer)
    def get(self, request: Request) -> Any:
        balance_minor = queries.savings_minor(wallet_user(request).id)
        return {"balance": balance_minor, "yield_bps": rules.YIELD_BPS}


class DepositView(APIView):
    """Put money into my savings."""

    @operation(
        "deposit_savings",
        takes=AmountRequest,
        gives=wire.SavingsOrderAnswer,
        status=201,
        once=True,
    )
    def post(self, request: Request, values: dict[str, Any]) -> Any:
        return _move(request, SavingsKind.DEPOSIT, values)


class RedeemView(APIView):
    """Take money out of my savings."""

    @operation(
        "redeem_savings", takes=AmountRequest, gives=wire.SavingsOrderAnswer, status=201, once=True
    )
    def post(self, request: Request, values: dict[str, Any]) -> Any:
        return _move(request, SavingsKind.REDEEM, values)


def _move(request: Request, kind: SavingsKind, values: dict[str, Any]) -> Any:
    return move_savings(
        user_id=wallet_user(request).id,
        key=own_key(request),
        kind=kind,
        amount_minor=values["amount_minor"],
    )


class CreditView(APIView):
    """My pay-later line."""

    @operation("read_credit_line", gives=wire.CreditLineAnswer)
    def get(self, request: Request) -> Any:
        line = queries.line_of(wallet_user(request).id)
        if line is None:
            raise rules.NoLine()
        return line


class ApplicationsView(APIView):
    """Ask the lender for a line."""

    @operation(
        "apply_for_credit",
        gives=wire.CreditLineAnswer,
        status=201,
        description="For proven adults. Again gives the line there is.",
    )
    def post(self, request: Request) -> Any:
        return apply_for_line(user_id=wallet_user(request).id)


class BillsView(APIView):
    """What I owe the lender, bill by bill."""

    @operation("list_credit_bills", gives=wire.BillAnswer, many=True)
    def get(self, request: Request) -> Any:
        return queries.bills_of(wallet_user(request).id)


class RepayView(APIView):
    """Repay the lender, the oldest bill first."""

    @operation("repay_credit", takes=AmountRequest, gives=wire.CreditLineAnswer, once=True)
    def post(self, request: Request, values: dict[str, Any]) -> Any:
        return repay_debt(
            user_id=wallet_user(request).id,
            key=own_key(request),
            amount_minor=values["amount_minor"],
        )


class ConsentView(APIView):
    """Whether offers may be shown to me."""

    @operation("consent_to_offers", gives=wire.ConsentAnswer)
    def put(self, request: Request) -> Any:
        return consent_to_offers(user_id=wallet_user(request).id)

    @operation("withdraw_offer_consent", status=204)
    def delete(self, request: Request) -> Any:
        return withdraw_consent(user_id=wallet_user(request).id)


class OffersView(APIView):
    """What is offered to me, where I have agreed to that."""

    @operation("list_funding_offers", gives=wire.FundingOfferAnswer, many=True)
    def get(self, request: Request) -> Any:
        return offers_for(wallet_user(request).id)
