"""The agreements API: a payer's automatic payments."""

import uuid
from typing import Any, Final

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY, key_of, once_answer
from config.http.pagination import CursorPage, page
from config.http.serializers import read
from wallet.accounts.authentication import wallet_user
from wallet.agreements import queries
from wallet.agreements import serializers as wire
from wallet.agreements.usecases.sign_agreement import sign_agreement
from wallet.agreements.usecases.suspend_agreement import resume_agreement
from wallet.agreements.usecases.unsign_agreement import unsign_agreement
from wallet.agreements.values import Party

TAGS: Final = ["agreements"]
SHOWN: Final = 50


class OfferView(APIView):
    """An offer, opened by its link."""

    @extend_schema(
        operation_id="get_agreement_offer",
        summary="What a payee proposes",
        tags=TAGS,
        responses=wire.OfferAnswer,
    )
    def get(self, request: Request, token: str) -> Response:
        return Response(wire.OfferAnswer(queries.agreement_by_token(token)).data)


class SignView(APIView):
    """The payer's consent."""

    @extend_schema(
        operation_id="sign_agreement",
        summary="Consent to later debits",
        description="`challenge` is the one that was shown with the terms. Signing what I have "
        "signed gives it again.",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=wire.SignRequest,
        responses=wire.AgreementDetailAnswer,
    )
    def post(self, request: Request, token: str) -> Response:
        values = read(wire.SignRequest, request.data)
        key_of(request)  # An agreement is signed once, whatever the key.
        offer = queries.agreement_by_token(token)
        user_id = wallet_user(request).id
        outcome = sign_agreement(agreement_id=offer.id, payer_id=user_id, **values)
        return once_answer(_detail(request, offer.id), replayed=not outcome.changed, status=200)


class AgreementsView(APIView):
    """My agreements."""

    pagination_class = CursorPage

    @extend_schema(
        operation_id="list_agreements",
        summary="My automatic payments, newest first",
        tags=TAGS,
        responses=wire.AgreementAnswer(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = queries.agreements_of_user(wallet_user(request).id)
        return page(self, request, rows, wire.AgreementAnswer)


class AgreementView(APIView):
    """One agreement."""

    @extend_schema(
        operation_id="get_agreement",
        summary="One of my automatic payments, with its deductions",
        tags=TAGS,
        responses=wire.AgreementDetailAnswer,
    )
    def get(self, request: Request, agreement_id: uuid.UUID) -> Response:
        return Response(_detail(request, agreement_id))


class UnsignView(APIView):
    """The payer's last word."""

    @extend_schema(
        operation_id="unsign_agreement",
        summary="End an automatic payment",
        description="At once and always possible. Ending what has ended gives it again.",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=wire.UnsignRequest,
        responses=wire.AgreementDetailAnswer,
    )
    def post(self, request: Request, agreement_id: uuid.UUID) -> Response:
        read(wire.UnsignRequest, request.data)
        key_of(request)
        user = wallet_user(request)
        outcome = unsign_agreement(
            agreement_id=agreement_id,
            by=Party.PAYER,
            actor=f"user:{user.user_number}",
            payer_id=user.id,
        )
        return once_answer(_detail(request, agreement_id), replayed=not outcome.changed, status=200)


class ResumeView(APIView):
    """The payer lets debits be taken again."""

    @extend_schema(
        operation_id="resume_agreement",
        summary="Resume a suspended automatic payment",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=wire.ResumeRequest,
        responses=wire.AgreementDetailAnswer,
    )
    def post(self, request: Request, agreement_id: uuid.UUID) -> Response:
        values = read(wire.ResumeRequest, request.data)
        key_of(request)
        user_id = wallet_user(request).id
        outcome = resume_agreement(agreement_id=agreement_id, payer_id=user_id, **values)
        return once_answer(_detail(request, agreement_id), replayed=not outcome.changed, status=200)


def _detail(request: Request, agreement_id: uuid.UUID) -> Any:
    """One of the caller's agreements, in full."""
    user_id = wallet_user(request).id
    agreement = queries.agreement_of_user(user_id=user_id, agreement_id=agreement_id)
    context = {"deductions": queries.deductions_of(agreement_id)[:SHOWN]}
    return wire.AgreementDetailAnswer(agreement, context=context).data
