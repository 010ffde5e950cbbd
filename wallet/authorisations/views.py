"""The authorisations API: each view reads a request, calls one use case, writes an answer."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY, key_of, once_answer
from config.http.pagination import CursorPage, page
from config.http.serializers import read
from wallet.accounts.authentication import wallet_user
from wallet.authorisations import queries
from wallet.authorisations import serializers as wire
from wallet.authorisations.usecases.choose_consent import choose_consent
from wallet.authorisations.usecases.confirm_hold import confirm_hold, refuse_hold
from wallet.authorisations.usecases.dispute_trust import dispute_trust
from wallet.authorisations.values import HoldResult, TrustConsent

TAGS = ["authorisations"]


class AuthorisationsView(APIView):
    """My authorisations."""

    pagination_class = CursorPage

    @extend_schema(
        operation_id="list_authorisations",
        summary="What I have authorised or am asked to, newest first",
        tags=TAGS,
        responses=wire.AuthorisationAnswer(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = queries.of_user(wallet_user(request).id)
        return page(self, request, rows, wire.AuthorisationAnswer)


class AuthorisationView(APIView):
    """One authorisation."""

    @extend_schema(
        operation_id="get_authorisation",
        summary="One of my authorisations with its operations",
        tags=TAGS,
        responses=wire.AuthorisationDetailAnswer,
    )
    def get(self, request: Request, authorisation_id: uuid.UUID) -> Response:
        return Response(_detail(request, authorisation_id))


class ConfirmView(APIView):
    """The payer's yes."""

    @extend_schema(
        operation_id="confirm_authorisation",
        summary="Agree to the freeze that waits for me",
        description="Agreeing to what I have agreed to gives it again.",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=wire.AgreementRequest,
        responses=wire.AuthorisationDetailAnswer,
    )
    def post(self, request: Request, authorisation_id: uuid.UUID) -> Response:
        values = read(wire.AgreementRequest, request.data)
        key_of(request)  # A freeze is made once, whatever the key.
        payer_id = wallet_user(request).id
        outcome = confirm_hold(authorisation_id=authorisation_id, payer_id=payer_id, **values)
        replayed = outcome.outcome is HoldResult.REPLAYED
        return once_answer(_detail(request, authorisation_id), replayed=replayed, status=200)


class RefuseView(APIView):
    """The payer's no."""

    @extend_schema(
        operation_id="refuse_authorisation",
        summary="Refuse the freeze that waits for me",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=wire.NoRequest,
        responses=wire.AuthorisationDetailAnswer,
    )
    def post(self, request: Request, authorisation_id: uuid.UUID) -> Response:
        read(wire.NoRequest, request.data)
        key_of(request)
        outcome = refuse_hold(authorisation_id=authorisation_id, payer_id=wallet_user(request).id)
        replayed = outcome.outcome is HoldResult.REPLAYED
        return once_answer(_detail(request, authorisation_id), replayed=replayed, status=200)


class ArrearsView(APIView):
    """What I owe."""

    @extend_schema(
        operation_id="list_arrears",
        summary="What I owe or have owed, oldest first",
        description="Collected from the next money that comes in.",
        tags=TAGS,
        responses=wire.ArrearsAnswer(many=True),
    )
    def get(self, request: Request) -> Response:
        owed: Any = queries.arrears_of(wallet_user(request).id)
        return Response(wire.ArrearsAnswer(owed, many=True).data)


class TrustView(APIView):
    """How far I am trusted, and why."""

    @extend_schema(
        operation_id="get_trust",
        summary="My payment-trust figure with all its reasons",
        description="Made of payments, kept authorisations and arrears in this wallet alone. "
        "From 600 on, with nothing owed, a payee may waive my deposit.",
        tags=TAGS,
        responses=wire.TrustAnswer,
    )
    def get(self, request: Request) -> Response:
        return Response(wire.TrustAnswer(queries.trust_of(wallet_user(request).id)).data)


class TrustDisputesView(APIView):
    """What I say against marks in my figure."""

    pagination_class = CursorPage

    @extend_schema(
        operation_id="list_trust_disputes",
        summary="What I have said against late marks, newest first",
        tags=TAGS,
        responses=wire.TrustDisputeAnswer(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = queries.trust_disputes_of(wallet_user(request).id)
        return page(self, request, rows, wire.TrustDisputeAnswer)

    @extend_schema(
        operation_id="dispute_trust",
        summary="Say that arrears should not count as late",
        description="Two operators decide. The figure stays as it is until then; the debt is "
        "owed either way. The same words again give the same dispute.",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=wire.TrustDisputeRequest,
        responses={201: wire.TrustDisputeAnswer},
    )
    def post(self, request: Request) -> Response:
        values = read(wire.TrustDisputeRequest, request.data)
        key_of(request)  # A mark is disputed once, whatever the key.
        dispute, replayed = dispute_trust(user_id=wallet_user(request).id, **values)
        return once_answer(wire.TrustDisputeAnswer(dispute).data, replayed=replayed)


class TrustConsentView(APIView):
    """Whether my figure may waive deposits."""

    @extend_schema(
        operation_id="give_trust_consent",
        summary="Let deposits be waived on my figure",
        tags=TAGS,
        request=None,
        responses=wire.TrustAnswer,
    )
    def put(self, request: Request) -> Response:
        return self._chosen(request, TrustConsent.GIVEN)

    @extend_schema(
        operation_id="withdraw_trust_consent",
        summary="Have my deposits held in full from now on",
        description="Ends the waiver for new deposits and nothing else: neither the figure nor "
        "paying changes.",
        tags=TAGS,
        responses={200: wire.TrustAnswer},
    )
    def delete(self, request: Request) -> Response:
        return self._chosen(request, TrustConsent.WITHDRAWN)

    def _chosen(self, request: Request, consent: TrustConsent) -> Response:
        figure = choose_consent(user_id=wallet_user(request).id, consent=consent)
        return Response(wire.TrustAnswer(figure).data)


def _detail(request: Request, authorisation_id: uuid.UUID) -> Any:
    """One of the caller's authorisations, in full."""
    row = queries.one_of_user(user_id=wallet_user(request).id, authorisation_id=authorisation_id)
    context = {"operations": queries.operations_of(row.id)}
    return wire.AuthorisationDetailAnswer(row, context=context).data
