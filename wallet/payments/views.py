"""The payments API: each view reads a request, calls one use case, writes an answer."""

import uuid
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY, answer_once, key_of, once_answer, own_key
from config.http.pagination import CursorPage
from config.http.serializers import read
from config.kernel import clock
from wallet.accounts.authentication import wallet_user
from wallet.payments import queries
from wallet.payments import serializers as wire
from wallet.payments.usecases.close_payment import refuse_payment
from wallet.payments.usecases.confirm_payment import confirm_payment
from wallet.payments.usecases.end_transfer import cancel_transfer
from wallet.payments.usecases.issue_codes import issue_aliases, issue_fresh_code
from wallet.payments.usecases.transfer_money import transfer_money
from wallet.payments.values import PayResult, TransferOutcome
from wallet.qr.paycode import STEP_S
from wallet.risk.queries import notices_of


class PaymentCodesView(APIView):
    """Whole codes for clients without a key of their own."""

    @extend_schema(
        operation_id="issue_payment_code",
        summary="A payment code to show now",
        description="Twenty digits, good once and for 60 seconds.",
        tags=["payment codes"],
        parameters=[IDEMPOTENCY_KEY],
        request=wire.NothingRequest,
        responses={201: wire.FreshCodeAnswer},
    )
    def post(self, request: Request) -> Response:
        read(wire.NothingRequest, request.data)
        user_id = wallet_user(request).id
        return answer_once(
            request,
            endpoint="payment-codes",
            run=lambda: (201, wire.FreshCodeAnswer(issue_fresh_code(user_id=user_id)).data),
        )


class AliasesView(APIView):
    """Aliases for a phone that makes its codes itself, offline too."""

    @extend_schema(
        operation_id="issue_aliases",
        summary="Ten aliases for one of my devices",
        description="Unused aliases are given again. A code is prefix, 1, alias, seven digits "
        "of HMAC-SHA256(K, label + alias + step) and a Damm digit.",
        tags=["payment codes"],
        parameters=[IDEMPOTENCY_KEY],
        request=wire.AliasesRequest,
        responses={201: wire.AliasesAnswer},
    )
    def post(self, request: Request) -> Response:
        values = read(wire.AliasesRequest, request.data)
        key_of(request)  # Asking again gives the same aliases, with a key or without.
        aliases = issue_aliases(user_id=wallet_user(request).id, **values)
        answer = {
            "prefix": settings.SAOMA_PAYCODE_PREFIX,
            "step_s": STEP_S,
            "server_time": clock.now(),
            "aliases": aliases,
        }
        return Response(wire.AliasesAnswer(answer).data, status=201)


class PaymentsView(APIView):
    """My payments."""

    pagination_class = CursorPage

    @extend_schema(
        operation_id="list_payments",
        summary="My payments, newest first",
        tags=["payments"],
        responses=wire.PaymentAnswer(many=True),
    )
    def get(self, request: Request) -> Response:
        user_id = wallet_user(request).id
        return _page(self, request, queries.payments_of_user(user_id), wire.PaymentAnswer)


class PaymentView(APIView):
    """One payment."""

    @extend_schema(
        operation_id="get_payment",
        summary="One of my payments",
        tags=["payments"],
        responses=wire.PaymentDetailAnswer,
    )
    def get(self, request: Request, payment_id: uuid.UUID) -> Response:
        return Response(_detail(request, payment_id))


class ConfirmView(APIView):
    """The payer's yes."""

    @extend_schema(
        operation_id="confirm_payment",
        summary="Pay a payment that waits for me",
        description="Confirming a payment I have paid gives it again.",
        tags=["payments"],
        parameters=[IDEMPOTENCY_KEY],
        request=wire.ConfirmRequest,
        responses=wire.PaymentDetailAnswer,
    )
    def post(self, request: Request, payment_id: uuid.UUID) -> Response:
        values = read(wire.ConfirmRequest, request.data)
        key_of(request)  # A payment is paid once, whatever the key.
        user_id = wallet_user(request).id
        queries.payment_of_payer(user_id=user_id, payment_id=payment_id)
        outcome = confirm_payment(payment_id=payment_id, payer_id=user_id, **values)
        replayed = outcome.outcome is PayResult.REPLAYED
        return once_answer(_detail(request, payment_id), replayed=replayed, status=200)


class RefuseView(APIView):
    """The payer's no."""

    @extend_schema(
        operation_id="refuse_payment",
        summary="Refuse a payment that waits for me",
        description="Refusing a payment that is closed gives it again.",
        tags=["payments"],
        parameters=[IDEMPOTENCY_KEY],
        request=wire.NothingRequest,
        responses=wire.PaymentDetailAnswer,
    )
    def post(self, request: Request, payment_id: uuid.UUID) -> Response:
        read(wire.NothingRequest, request.data)
        key_of(request)
        outcome = refuse_payment(payment_id=payment_id, payer_id=wallet_user(request).id)
        return once_answer(_detail(request, payment_id), replayed=not outcome.changed, status=200)


class TransfersView(APIView):
    """Money from person to person."""

    pagination_class = CursorPage

    @extend_schema(
        operation_id="transfer_money",
        summary="Send money to a phone number",
        description="At once and for good; a large sum for somebody new waits a day first "
        "(DELAYED, `due_at`) and may be called back. The same Idempotency-Key with the same "
        "content gives the first transfer again.",
        tags=["transfers"],
        parameters=[IDEMPOTENCY_KEY],
        request=wire.TransferRequest,
        responses={201: wire.TransferAnswer},
    )
    def post(self, request: Request) -> Response:
        values = read(wire.TransferRequest, request.data)
        user_id = wallet_user(request).id
        outcome = transfer_money(key=own_key(request), payer_id=user_id, **values)
        return _transfer_answer(outcome, user_id, status=201)

    @extend_schema(
        operation_id="list_transfers",
        summary="My transfers, newest first",
        tags=["transfers"],
        responses=wire.TransferAnswer(many=True),
    )
    def get(self, request: Request) -> Response:
        user_id = wallet_user(request).id
        return _page(self, request, queries.transfers_of_user(user_id), wire.TransferAnswer)


class TransferView(APIView):
    """One transfer."""

    @extend_schema(
        operation_id="get_transfer",
        summary="One of my transfers",
        tags=["transfers"],
        responses=wire.TransferAnswer,
    )
    def get(self, request: Request, transfer_id: uuid.UUID) -> Response:
        user_id = wallet_user(request).id
        transfer = queries.transfer_of_user(user_id=user_id, transfer_id=transfer_id)
        return Response(wire.TransferAnswer(transfer, context={"user_id": user_id}).data)


class CancelTransferView(APIView):
    """A delayed transfer called back."""

    @extend_schema(
        operation_id="cancel_transfer",
        summary="Call back a transfer that has not arrived yet",
        tags=["transfers"],
        parameters=[IDEMPOTENCY_KEY],
        request=wire.NothingRequest,
        responses=wire.TransferAnswer,
    )
    def post(self, request: Request, transfer_id: uuid.UUID) -> Response:
        read(wire.NothingRequest, request.data)
        key_of(request)  # A transfer is called back once, whatever the key.
        user_id = wallet_user(request).id
        outcome = cancel_transfer(payer_id=user_id, transfer_id=transfer_id)
        return _transfer_answer(outcome, user_id, status=200)


def _transfer_answer(outcome: TransferOutcome, user_id: uuid.UUID, *, status: int) -> Response:
    """A transfer as this user sees it, and whether it is the first answer again."""
    context = {"user_id": user_id}
    body = wire.TransferAnswer(outcome.transfer, context=context).data  # type: ignore[arg-type]
    return once_answer(body, replayed=not outcome.changed, status=status)


def _detail(request: Request, payment_id: uuid.UUID) -> Any:
    """One of the caller's payments, in full."""
    user_id = wallet_user(request).id
    payment = queries.payment_of_user(user_id=user_id, payment_id=payment_id)
    context = {
        "user_id": user_id,
        "refunds": queries.refunds_of(payment_id),
        "notices": notices_of(payment_id) if payment.payer_id == user_id else [],
    }
    return wire.PaymentDetailAnswer(payment, context=context).data


def _page(view: APIView, request: Request, rows: Any, shape: type[Serializer[Any]]) -> Response:
    """One page of the caller's rows, newest first."""
    paginator = CursorPage()
    page_rows: list[Any] = paginator.paginate_queryset(rows, request, view=view) or []
    answers = shape(page_rows, many=True, context={"user_id": wallet_user(request).id})
    return paginator.get_paginated_response(answers.data)
