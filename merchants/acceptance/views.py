"""Scanning: the payer's API, and the address that a code's link leads to."""

import uuid
from http import HTTPStatus
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY, answer_once
from config.http.serializers import read
from merchants.acceptance import jws, queries
from merchants.acceptance import serializers as shapes
from merchants.acceptance.rules import CodeUnknown
from merchants.acceptance.usecases.scan import scan_code
from merchants.acceptance.usecases.set_amount import set_amount
from merchants.acceptance.values import Scan
from merchants.onboarding import queries as onboarding
from merchants.onboarding.callers import caller_id
from wallet import public as wallet
from wallet.money import format_amount
from wallet.public import offered_hold, offers_hold
from wallet.qr.links import canonical_token

DIGITS = {"type": "string"}
TAGS = ["scans"]
JOSE = "application/jose"


class Scans(APIView):
    """What a payer's phone sends when it has read a code."""

    @extend_schema(
        operation_id="scan_code",
        tags=TAGS,
        request=shapes.NewScanSerializer,
        responses={201: shapes.ScanSerializer},
        parameters=[IDEMPOTENCY_KEY],
        description="Open a merchant's code. The first payer to scan an order's code holds it. "
        "The payment named by `payment_id` then waits to be confirmed in the payments API.",
    )
    def post(self, request: Request) -> Response:
        body = read(shapes.NewScanSerializer, request.data)

        def run() -> tuple[int, object]:
            scan = scan_code(
                payload=body["payload"],
                payer_id=caller_id(request),
                amount_minor=body.get("amount"),
            )
            return HTTPStatus.CREATED, dict(shapes.ScanSerializer(scan).data)

        return answer_once(request, endpoint="scans", run=run)


class AgreementPlan(APIView):
    """What the platform debits by itself under one of a merchant's agreements."""

    @extend_schema(
        operation_id="set_agreement_plan",
        tags=["agreements"],
        parameters=[
            OpenApiParameter(
                "merchant_number", DIGITS | {"pattern": "^[0-9]{16}$"}, OpenApiParameter.PATH
            ),
            OpenApiParameter("number", DIGITS | {"pattern": "^[0-9]{20}$"}, OpenApiParameter.PATH),
        ],
        request=shapes.PlanSerializer,
        responses=shapes.PlanAnswer,
        description="The payer is told 24 hours before each debit; a debit that finds no money "
        "is tried again after 1, 3 and 7 days, then the agreement is suspended.",
    )
    def put(self, request: Request, merchant_number: str, number: str) -> Response:
        body = read(shapes.PlanSerializer, request.data)
        merchant = onboarding.merchant_by_number(merchant_number, owner_id=caller_id(request))
        agreement = wallet.agreement_by_number(payee_id=merchant.id, number=number)
        if agreement is None:
            raise wallet.AgreementUnknown()
        plan = wallet.set_plan(
            agreement_id=agreement.id,
            amount_minor=body["amount"],
            description=body["description"],
        ).agreement
        amount = plan.plan_minor
        plan_facts = {
            "agreement_no": plan.number,
            "amount": None if amount is None else format_amount(amount, plan.currency),
            "next_on": plan.next_on,
        }
        return Response(shapes.PlanAnswer(plan_facts).data)


class ScanDetail(APIView):
    """One scan of the caller's."""

    @extend_schema(operation_id="read_scan", tags=TAGS, responses=shapes.ScanSerializer)
    def get(self, request: Request, scan_id: uuid.UUID) -> Response:
        scan = queries.scan(scan_id, payer_id=caller_id(request))
        return Response(shapes.ScanSerializer(scan).data)


class ScanAmount(APIView):
    """Typing the amount after scanning a code without one."""

    @extend_schema(
        operation_id="set_scan_amount",
        tags=TAGS,
        request=shapes.AmountSerializer,
        responses=shapes.ScanSerializer,
    )
    def post(self, request: Request, scan_id: uuid.UUID) -> Response:
        body = read(shapes.AmountSerializer, request.data)
        scan = set_amount(
            scan_id=scan_id,
            payer_id=caller_id(request),
            amount_minor=body["amount"],
        )
        return Response(shapes.ScanSerializer(scan).data)


@require_safe
@never_cache
def order_page(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show what a code's link stands for: a page, or a signed order for an app.

    Authorisation: the token itself, which nobody can guess.
    """
    code_token = canonical_token(token)
    if JOSE in request.headers.get("Accept", ""):
        return _signed(code_token)
    context: dict[str, object] = {"app_link": f"saoma://pay?c={quote(_link(code_token), safe='')}"}
    try:
        scan = queries.scan_of(queries.order_by_token(code_token))
    except CodeUnknown:
        if offers_hold(code_token):
            scan = queries.scan_of_freeze(*offered_hold(token=code_token))
            return _order(request, context, scan)
        till = queries.till_by_token(code_token)
        if till is None:
            return render(request, "acceptance/unknown.html", status=HTTPStatus.NOT_FOUND)
        return render(request, "acceptance/till.html", {**context, "till": till})
    return _order(request, context, scan)


def _order(request: HttpRequest, context: dict[str, object], scan: Scan) -> HttpResponse:
    amount = "" if scan.amount_minor is None else format_amount(scan.amount_minor, scan.currency)
    return render(request, "acceptance/order.html", {**context, "order": scan, "amount": amount})


@require_safe
@cache_control(max_age=3600, public=True)
def jwks(request: HttpRequest) -> JsonResponse:
    """Publish the key that signed orders are verified with (RFC 7517)."""
    return JsonResponse({"keys": [jws.public_jwk(jws.order_key(settings.DERIVATION_KEY))]})


def _signed(token: str) -> HttpResponse:
    try:
        order = queries.order_by_token(token)
    except CodeUnknown:
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    return HttpResponse(queries.signed_order(order), content_type=JOSE)


def _link(token: str) -> str:
    return queries.order_link(token)
