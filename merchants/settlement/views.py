"""The settlement API: a merchant's owner reads days, lines and bills; nobody writes."""

import uuid
from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.serializers import read
from merchants.onboarding.callers import caller_id
from merchants.onboarding.queries import merchant_by_number
from merchants.settlement import bill, queries
from merchants.settlement import serializers as shapes
from merchants.settlement.models import SettlementBatch
from merchants.settlement.usecases.demand_payout import demand_payout
from merchants.settlement.usecases.read_statements import read_statements
from merchants.settlement.values import BatchState

TAGS = ["settlement"]
FILTERS = {
    "date": "business_date",
    "date_from": "business_date__gte",
    "date_to": "business_date__lte",
    "state": "state__in",
}
CSV = {(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, description="The bill, row by row.")}


class SettlementList(generics.ListAPIView[SettlementBatch]):
    """Settlements of the caller's merchants, newest first."""

    serializer_class = shapes.BatchSerializer

    def get_queryset(self) -> QuerySet[SettlementBatch]:
        filters = read(shapes.SettlementQuerySerializer, self.request.query_params)
        rows = queries.batches_of(caller_id(self.request))
        for name, lookup in FILTERS.items():
            if filters.get(name):
                rows = rows.filter(**{lookup: filters[name]})
        return rows

    @extend_schema(
        operation_id="list_settlements", tags=TAGS, parameters=[shapes.SettlementQuerySerializer]
    )
    def get(self, request: Request) -> Response:
        return self.list(request)


class PayoutDemand(APIView):
    """The payouts of a merchant that is paid out when it asks."""

    @extend_schema(
        operation_id="demand_payout",
        tags=TAGS,
        request=None,
        responses=shapes.DemandSerializer,
    )
    def post(self, request: Request, merchant_number: str) -> Response:
        merchant = merchant_by_number(merchant_number, owner_id=caller_id(request))
        released = demand_payout(merchant_id=merchant.id)
        return Response(shapes.DemandSerializer({"settlements": released}).data)


class SettlementDetail(APIView):
    """One settlement."""

    @extend_schema(operation_id="read_settlement", tags=TAGS, responses=shapes.BatchSerializer)
    def get(self, request: Request, settlement_id: uuid.UUID) -> Response:
        batch = queries.batch_of(settlement_id, owner_id=caller_id(request))
        return Response(shapes.BatchSerializer(batch).data)


class FileView(APIView):
    """A view that answers with a file, and with a problem document where it cannot.

    Whatever the client says that it accepts: the address names the format.
    """

    def perform_content_negotiation(
        self, request: Request, force: bool = False
    ) -> tuple[BaseRenderer, str]:
        return JSONRenderer(), JSONRenderer.media_type


class SettlementLines(FileView):
    """The lines of one settlement as a file."""

    @extend_schema(
        operation_id="download_settlement_lines",
        tags=TAGS,
        parameters=[OpenApiParameter("bom", bool)],
        responses=CSV,
    )
    def get(self, request: Request, settlement_id: uuid.UUID) -> StreamingHttpResponse:
        query = read(shapes.LinesQuerySerializer, request.query_params)
        batch = queries.batch_of(settlement_id, owner_id=caller_id(request))
        name = f"settlement-{batch.merchant.merchant_number}-{batch.business_date}.csv"
        return _file([batch], name=name, bom=query["bom"])


class StatementList(APIView):
    """The daily bills of the caller's merchants."""

    @extend_schema(
        operation_id="read_statements",
        tags=TAGS,
        parameters=[
            OpenApiParameter("date", OpenApiTypes.DATE, required=True),
            OpenApiParameter("state", str, many=True, enum=list(BatchState)),
        ],
        responses=shapes.StatementListSerializer,
    )
    def get(self, request: Request) -> Response:
        query = read(shapes.StatementQuerySerializer, request.query_params)
        bills = read_statements(
            owner_id=caller_id(request),
            business_date=query["date"],
            states=sorted(query.get("state", ())),
        )
        return Response(shapes.StatementListSerializer({"statements": bills}).data)


class StatementFile(FileView):
    """The daily bills of the caller's merchants as one file."""

    @extend_schema(
        operation_id="download_statement",
        tags=TAGS,
        parameters=[
            OpenApiParameter("date", OpenApiTypes.DATE, required=True),
            OpenApiParameter("bom", bool),
        ],
        responses=CSV,
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        query = read(shapes.StatementQuerySerializer, request.query_params)
        day = query["date"]
        batches = queries.batches_of(caller_id(request)).filter(business_date=day)
        return _file(batches, name=f"statement-{day}.csv", bom=query["bom"])


def _file(batches: Iterable[SettlementBatch], *, name: str, bom: bool) -> StreamingHttpResponse:
    rows = list(batches)
    return StreamingHttpResponse(
        bill.rows(rows, queries.bill_lines(rows), bom=bom),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
