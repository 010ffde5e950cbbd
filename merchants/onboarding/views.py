"""The onboarding API. The caller is a wallet user; others' merchants do not exist to it."""

import uuid
from dataclasses import asdict
from datetime import timedelta

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY, answer_once
from config.http.serializers import read
from merchants.onboarding import queries
from merchants.onboarding import serializers as shapes
from merchants.onboarding.callers import actor, caller_id
from merchants.onboarding.models import App, AppKey, Merchant, Store, Till
from merchants.onboarding.usecases.add_store import add_store
from merchants.onboarding.usecases.add_till import add_till
from merchants.onboarding.usecases.amend_application import amend_application
from merchants.onboarding.usecases.apply_for_merchant import apply_for_merchant
from merchants.onboarding.usecases.close_store import close_store
from merchants.onboarding.usecases.close_till import close_till
from merchants.onboarding.usecases.ensure_gateway_key import ensure_gateway_key
from merchants.onboarding.usecases.generate_key_pair import generate_key_pair
from merchants.onboarding.usecases.register_app import register_app
from merchants.onboarding.usecases.revoke_key import revoke_key
from merchants.onboarding.usecases.rotate_key import rotate_key
from merchants.onboarding.usecases.set_notify_url import set_notify_url
from merchants.onboarding.usecases.set_person_naming import set_person_naming
from merchants.onboarding.usecases.submit_application import submit_application
from merchants.onboarding.values import SignType

TAGS = ["merchants"]


def _number(name: str) -> OpenApiParameter:
    pattern = {"type": "string", "pattern": "^[0-9]{16}$"}
    return OpenApiParameter(name, pattern, OpenApiParameter.PATH, required=True)


MERCHANT_NUMBER, APP_NUMBER = _number("merchant_number"), _number("app_number")


class MerchantList(generics.ListAPIView[Merchant]):
    """The caller's merchants."""

    serializer_class = shapes.MerchantSerializer

    def get_queryset(self) -> QuerySet[Merchant]:
        return queries.merchants_of(caller_id(self.request))

    @extend_schema(operation_id="list_merchants", tags=TAGS)
    def get(self, request: Request) -> Response:
        return self.list(request)

    @extend_schema(
        operation_id="create_merchant",
        tags=TAGS,
        request=shapes.NewMerchantSerializer,
        responses={201: shapes.MerchantSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request) -> Response:
        body = read(shapes.NewMerchantSerializer, request.data)

        def run() -> tuple[int, object]:
            merchant = apply_for_merchant(
                owner_id=caller_id(request),
                application=shapes.application_in(body),
                draft=body["draft"],
            )
            return 201, dict(shapes.MerchantSerializer(merchant).data)

        return answer_once(request, endpoint="merchants", run=run)


class MerchantDetail(APIView):
    """One merchant of the caller's."""

    @extend_schema(
        operation_id="read_merchant",
        tags=TAGS,
        parameters=[MERCHANT_NUMBER],
        responses=shapes.MerchantSerializer,
    )
    def get(self, request: Request, merchant_number: str) -> Response:
        merchant = queries.merchant_by_number(merchant_number, owner_id=caller_id(request))
        return Response(shapes.MerchantSerializer(merchant).data)

    @extend_schema(
        operation_id="amend_merchant",
        tags=TAGS,
        parameters=[MERCHANT_NUMBER],
        request=shapes.ApplicationSerializer,
        responses=shapes.MerchantSerializer,
    )
    def put(self, request: Request, merchant_number: str) -> Response:
        merchant = queries.merchant_by_number(merchant_number, owner_id=caller_id(request))
        body = read(shapes.ApplicationSerializer, request.data)
        merchant = amend_application(
            merchant_id=merchant.id, application=shapes.application_in(body)
        )
        return Response(shapes.MerchantSerializer(merchant).data)


class MerchantSubmission(APIView):
    """Handing a draft to the operators."""

    @extend_schema(
        operation_id="submit_merchant",
        tags=TAGS,
        parameters=[MERCHANT_NUMBER],
        request=None,
        responses=shapes.MerchantSerializer,
    )
    def post(self, request: Request, merchant_number: str) -> Response:
        merchant = queries.merchant_by_number(merchant_number, owner_id=caller_id(request))
        merchant = submit_application(merchant_id=merchant.id)
        return Response(shapes.MerchantSerializer(merchant).data)


class StoreList(generics.ListAPIView[Store]):
    """Stores of the caller's merchants."""

    serializer_class = shapes.StoreSerializer

    def get_queryset(self) -> QuerySet[Store]:
        return queries.stores_of(caller_id(self.request))

    @extend_schema(operation_id="list_stores", tags=TAGS)
    def get(self, request: Request) -> Response:
        return self.list(request)

    @extend_schema(
        operation_id="create_store",
        tags=TAGS,
        request=shapes.NewStoreSerializer,
        responses={201: shapes.StoreSerializer},
    )
    def post(self, request: Request) -> Response:
        fields = read(shapes.NewStoreSerializer, request.data)
        merchant = queries.merchant_by_number(
            fields.pop("merchant_id"), owner_id=caller_id(request)
        )
        store = add_store(merchant_id=merchant.id, **fields)
        return Response(shapes.StoreSerializer(store).data, status=201)


class StoreDetail(APIView):
    """One store of the caller's."""

    @extend_schema(
        operation_id="close_store",
        tags=TAGS,
        responses={200: shapes.StoreSerializer},
        description="Close a store and its tills for good; its history stays.",
    )
    def delete(self, request: Request, store_id: uuid.UUID) -> Response:
        store = close_store(store_id=store_id, owner_id=caller_id(request))
        return Response(shapes.StoreSerializer(store).data)


class TerminalList(generics.ListAPIView[Till]):
    """Tills of the caller's merchants."""

    serializer_class = shapes.TerminalSerializer

    def get_queryset(self) -> QuerySet[Till]:
        return queries.tills_of(caller_id(self.request))

    @extend_schema(operation_id="list_terminals", tags=TAGS)
    def get(self, request: Request) -> Response:
        return self.list(request)

    @extend_schema(
        operation_id="create_terminal",
        tags=TAGS,
        request=shapes.NewTerminalSerializer,
        responses={201: shapes.TerminalSerializer},
    )
    def post(self, request: Request) -> Response:
        body = read(shapes.NewTerminalSerializer, request.data)
        store = queries.store(body["store_id"], owner_id=caller_id(request))
        till = add_till(
            store_id=store.id,
            code=body["code"],
            label=body["label"],
        )
        return Response(shapes.TerminalSerializer(till).data, status=201)


class TerminalDetail(APIView):
    """One till of the caller's."""

    @extend_schema(
        operation_id="close_terminal",
        tags=TAGS,
        responses={200: shapes.TerminalSerializer},
        description="Close a till for good; its history stays.",
    )
    def delete(self, request: Request, terminal_id: uuid.UUID) -> Response:
        till = close_till(till_id=terminal_id, owner_id=caller_id(request))
        return Response(shapes.TerminalSerializer(till).data)


class AppList(generics.ListAPIView[App]):
    """Apps of one merchant."""

    serializer_class = shapes.AppSerializer

    def get_queryset(self) -> QuerySet[App]:
        merchant = queries.merchant_by_number(
            self.kwargs["merchant_number"], owner_id=caller_id(self.request)
        )
        return queries.apps_of(merchant.id)

    @extend_schema(operation_id="list_apps", tags=TAGS, parameters=[MERCHANT_NUMBER])
    def get(self, request: Request, merchant_number: str) -> Response:
        return self.list(request)

    @extend_schema(
        operation_id="register_app",
        tags=TAGS,
        parameters=[MERCHANT_NUMBER, IDEMPOTENCY_KEY],
        request=shapes.NewAppSerializer,
        responses={201: shapes.AppSerializer},
    )
    def post(self, request: Request, merchant_number: str) -> Response:
        merchant = queries.merchant_by_number(merchant_number, owner_id=caller_id(request))
        body = read(shapes.NewAppSerializer, request.data)

        def run() -> tuple[int, object]:
            app = register_app(merchant_id=merchant.id, **body)
            return 201, dict(shapes.AppSerializer(app).data)

        return answer_once(request, endpoint=f"merchants/{merchant_number}/apps", run=run)


class AppDetail(APIView):
    """One app of the caller's."""

    @extend_schema(
        operation_id="read_app", tags=TAGS, parameters=[APP_NUMBER], responses=shapes.AppSerializer
    )
    def get(self, request: Request, app_number: str) -> Response:
        app = queries.app(app_number, owner_id=caller_id(request))
        return Response(shapes.AppSerializer(app).data)

    @extend_schema(
        operation_id="change_app",
        tags=TAGS,
        parameters=[APP_NUMBER],
        request=shapes.AppChangeSerializer,
        responses=shapes.AppSerializer,
    )
    def put(self, request: Request, app_number: str) -> Response:
        queries.app(app_number, owner_id=caller_id(request))
        changes = read(shapes.AppChangeSerializer, request.data)
        if "notify_url" in changes:
            set_notify_url(app_number=app_number, notify_url=changes["notify_url"])
        if "person_naming" in changes:
            set_person_naming(app_number=app_number, naming=changes["person_naming"])
        return Response(shapes.AppSerializer(queries.app(app_number)).data)


class KeyList(generics.ListAPIView[AppKey]):
    """Keys of one app, revoked ones too."""

    serializer_class = shapes.KeySerializer

    def get_queryset(self) -> QuerySet[AppKey]:
        app = queries.app(self.kwargs["app_number"], owner_id=caller_id(self.request))
        return queries.keys_of(app.id)

    @extend_schema(operation_id="list_keys", tags=TAGS, parameters=[APP_NUMBER])
    def get(self, request: Request, app_number: str) -> Response:
        return self.list(request)

    @extend_schema(
        operation_id="put_key",
        tags=TAGS,
        parameters=[APP_NUMBER],
        request=shapes.NewKeySerializer,
        responses=shapes.KeySerializer,
        description="Upload the app's first key, or rotate: the key in force stays accepted "
        "for `overlap_hours`. The same key again changes nothing.",
    )
    def put(self, request: Request, app_number: str) -> Response:
        queries.app(app_number, owner_id=caller_id(request))
        body = read(shapes.NewKeySerializer, request.data)
        key = rotate_key(
            app_number=app_number,
            public_key=body["public_key"],
            sign_types=tuple(SignType(kind) for kind in body["sign_types"]),
            overlap=timedelta(hours=body["overlap_hours"]),
        )
        return Response(shapes.KeySerializer(key).data)


class KeyDetail(APIView):
    """One key of an app."""

    @extend_schema(
        operation_id="revoke_key",
        tags=TAGS,
        parameters=[APP_NUMBER],
        responses={200: shapes.KeySerializer},
    )
    def delete(self, request: Request, app_number: str, key_id: str) -> Response:
        queries.app(app_number, owner_id=caller_id(request))
        key = revoke_key(app_number=app_number, key_id=uuid.UUID(key_id), actor=actor(request))
        return Response(shapes.KeySerializer(key).data)


class KeyPair(APIView):
    """Making a key pair for whoever has no tool for it."""

    @extend_schema(
        operation_id="make_key_pair",
        tags=TAGS,
        request=None,
        responses={201: shapes.KeyPairSerializer},
        description="A new RSA-2048 pair. Nothing is stored: keep the private half, upload "
        "the public one.",
    )
    def post(self, request: Request) -> Response:
        return Response(asdict(generate_key_pair()), status=201)


class GatewayPublicKey(APIView):
    """The key that answers and notifications are verified with; public."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="read_gateway_key", tags=TAGS, auth=[], responses=shapes.GatewayKeySerializer
    )
    def get(self, request: Request) -> Response:
        ensure_gateway_key()
        return Response({"public_base64": queries.gateway_signer().public_base64})
