"""The API of scan and go: the shopper's phone, the store's staff, its gate."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.serializers import read
from merchants.onboarding.callers import caller_id
from merchants.selfscan import queries, rules
from merchants.selfscan import serializers as shapes
from merchants.selfscan.models import Trip
from merchants.selfscan.usecases.audit_basket import audit_basket
from merchants.selfscan.usecases.check_out import check_out, pay_trip
from merchants.selfscan.usecases.fill_basket import approve_product, open_trip, set_quantity
from merchants.selfscan.usecases.leave_store import issue_exit_code, verify_exit
from merchants.selfscan.usecases.open_store import open_store, set_product
from merchants.selfscan.values import GateReason

TAGS = ["scan and go"]


def _shown(trip: Trip, *, status: int = 200) -> Response:
    return Response(shapes.TripSerializer(trip).data, status=status)


class Stores(APIView):
    """A store of the caller's, as it sells by scan and go."""

    @extend_schema(
        operation_id="open_selfscan_store",
        tags=TAGS,
        request=shapes.StoreRequest,
        responses=shapes.SelfscanStoreSerializer,
    )
    def put(self, request: Request, store_id: uuid.UUID) -> Response:
        values = read(shapes.StoreRequest, request.data)
        row = open_store(
            store_id=store_id,
            owner_id=caller_id(request),
            app_number=values.pop("app_id"),
            policy=values,
        )
        return Response(shapes.SelfscanStoreSerializer(row).data)


class Products(APIView):
    """What a store of the caller's sells."""

    @extend_schema(
        operation_id="set_selfscan_product",
        tags=TAGS,
        request=shapes.ProductRequest,
        responses=shapes.ProductSerializer,
    )
    def put(self, request: Request, store_id: uuid.UUID, barcode: str) -> Response:
        values = read(shapes.ProductRequest, request.data)
        row = set_product(
            store_id=store_id,
            owner_id=caller_id(request),
            barcode=barcode,
            price_minor=values.pop("price"),
            **values,
        )
        return Response(shapes.ProductSerializer(row).data)


class Trips(APIView):
    """The caller's trip through a store."""

    @extend_schema(
        operation_id="open_trip",
        tags=TAGS,
        request=None,
        responses={201: shapes.TripSerializer},
        description="One trip of a shopper's is under way in a store; again gives it again.",
    )
    def post(self, request: Request, store_id: uuid.UUID) -> Response:
        return _shown(open_trip(store_id=store_id, shopper_id=caller_id(request)), status=201)


class Exits(APIView):
    """The gate of a store of the caller's."""

    @extend_schema(
        operation_id="verify_exit",
        tags=TAGS,
        request=shapes.ExitRequest,
        responses=shapes.ExitAnswerSerializer,
        description="A code opens the gate once. A denial is an answer: `outcome` says why.",
    )
    def post(self, request: Request, store_id: uuid.UUID) -> Response:
        code = read(shapes.ExitRequest, request.data)["code"]
        reason = verify_exit(store_id=store_id, owner_id=caller_id(request), code=code)
        return Response({"opens": reason is GateReason.OPEN, "outcome": reason.value})


class OneTrip(APIView):
    """A trip of the caller's, as shopper or as the store."""

    @extend_schema(operation_id="read_trip", tags=TAGS, responses=shapes.TripSerializer)
    def get(self, request: Request, trip_id: uuid.UUID) -> Response:
        trip = queries.trips_of(caller_id(request)).filter(id=trip_id).first()
        if trip is None:
            raise rules.TripUnknown()
        return _shown(trip)


class Lines(APIView):
    """One product in the caller's basket."""

    @extend_schema(
        operation_id="set_trip_line",
        tags=TAGS,
        request=shapes.LineRequest,
        responses=shapes.TripSerializer,
    )
    def put(self, request: Request, trip_id: uuid.UUID, barcode: str) -> Response:
        quantity = read(shapes.LineRequest, request.data)["quantity"]
        trip = set_quantity(
            trip_id=trip_id, shopper_id=caller_id(request), barcode=barcode, quantity=quantity
        )
        return _shown(trip)


class ApproveLine(APIView):
    """The store's word about a restricted product."""

    @extend_schema(
        operation_id="approve_trip_line", tags=TAGS, request=None, responses=shapes.TripSerializer
    )
    def post(self, request: Request, trip_id: uuid.UUID, barcode: str) -> Response:
        return _shown(
            approve_product(trip_id=trip_id, owner_id=caller_id(request), barcode=barcode)
        )


class Checkout(APIView):
    """Order the caller's basket."""

    @extend_schema(
        operation_id="check_out_trip",
        tags=TAGS,
        request=shapes.CheckoutRequest,
        responses=shapes.TripSerializer,
        description="With the total the shopper has seen: where a price has changed since, "
        "`basket_requoted` says what it costs now, and nothing is ordered.",
    )
    def post(self, request: Request, trip_id: uuid.UUID) -> Response:
        total_minor = read(shapes.CheckoutRequest, request.data)["total"]
        return _shown(
            check_out(trip_id=trip_id, shopper_id=caller_id(request), confirmed_minor=total_minor)
        )


class Pay(APIView):
    """Pay the caller's basket, or what an audit found."""

    @extend_schema(
        operation_id="pay_trip",
        tags=TAGS,
        request=shapes.TripPaymentRequest,
        responses=shapes.TripSerializer,
    )
    def post(self, request: Request, trip_id: uuid.UUID) -> Response:
        pin = read(shapes.TripPaymentRequest, request.data).get("pin")
        return _shown(pay_trip(trip_id=trip_id, shopper_id=caller_id(request), pin=pin))


class ExitCode(APIView):
    """A code for the gate."""

    @extend_schema(
        operation_id="issue_exit_code",
        tags=TAGS,
        request=None,
        responses={201: shapes.ExitCodeSerializer},
    )
    def post(self, request: Request, trip_id: uuid.UUID) -> Response:
        code = issue_exit_code(trip_id=trip_id, shopper_id=caller_id(request))
        life = int(rules.EXIT_CODE_LIFE.total_seconds())
        return Response({"code": code, "expires_in_s": life}, status=201)


class Audit(APIView):
    """What somebody of the store has found in a bag."""

    @extend_schema(
        operation_id="audit_trip",
        tags=TAGS,
        request=shapes.AuditRequest,
        responses=shapes.TripSerializer,
    )
    def post(self, request: Request, trip_id: uuid.UUID) -> Response:
        counted = read(shapes.AuditRequest, request.data)["counted"]
        return _shown(audit_basket(trip_id=trip_id, owner_id=caller_id(request), counted=counted))
