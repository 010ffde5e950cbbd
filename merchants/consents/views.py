"""The consents API: what a person allows, and where an app's codes may go."""

import uuid

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.serializers import read
from merchants.consents import queries
from merchants.consents import serializers as shapes
from merchants.consents.models import Grant
from merchants.consents.usecases.read_history import read_history
from merchants.consents.usecases.revoke_consent import revoke_consent
from merchants.consents.usecases.set_return_addresses import set_return_addresses
from merchants.onboarding.callers import caller_id
from merchants.onboarding.queries import app as app_by_number

TAGS = ["consents"]
APP_NUMBER = OpenApiParameter(
    "app_number", {"type": "string", "pattern": "^[0-9]{16}$"}, OpenApiParameter.PATH, required=True
)


class Consents(generics.ListAPIView[Grant]):
    """What the caller allows apps at present."""

    serializer_class = shapes.ConsentSerializer

    def get_queryset(self) -> QuerySet[Grant]:
        return queries.grants_of(caller_id(self.request))

    @extend_schema(operation_id="list_consents", tags=TAGS)
    def get(self, request: Request) -> Response:
        return self.list(request)


class Consent(APIView):
    """One consent of the caller's."""

    @extend_schema(
        operation_id="revoke_consent",
        tags=TAGS,
        responses={204: None},
        description="Ends the consent and every token of it at once. Again changes nothing.",
    )
    def delete(self, request: Request, grant_id: uuid.UUID) -> Response:
        revoke_consent(grant_id=grant_id, user_id=caller_id(request))
        return Response(status=204)


class History(APIView):
    """What a citizen bought at the app's merchant, where they let the app read it.

    Authorisation: the citizen's access token, as the app got it.
    """

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="read_consented_history",
        tags=TAGS,
        auth=[],
        parameters=[
            OpenApiParameter(
                "X-Access-Token", str, OpenApiParameter.HEADER, required=True,
                description="the citizen's token with the scope history",
            )
        ],
        responses=shapes.HistorySerializer,
        description="Purchases of the last 90 days at the app's own merchant, for the purpose "
        "that the citizen agreed to. The citizen sees the purpose among their consents.",
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        history = read_history(access_token=request.headers.get("x-access-token", ""))
        return Response(shapes.HistorySerializer(history).data)


class ReturnAddresses(APIView):
    """Where the codes of one app of the caller's may be sent."""

    @extend_schema(
        operation_id="read_return_addresses",
        tags=TAGS,
        parameters=[APP_NUMBER],
        responses=shapes.ReturnAddressesSerializer,
    )
    def get(self, request: Request, app_number: str) -> Response:
        app_by_number(app_number, owner_id=caller_id(request))
        return Response({"urls": queries.return_addresses(app_number)})

    @extend_schema(
        operation_id="set_return_addresses",
        tags=TAGS,
        parameters=[APP_NUMBER],
        request=shapes.ReturnAddressesSerializer,
        responses=shapes.ReturnAddressesSerializer,
    )
    def put(self, request: Request, app_number: str) -> Response:
        body = read(shapes.ReturnAddressesSerializer, request.data)
        urls = set_return_addresses(
            app_number=app_number, owner_id=caller_id(request), urls=body["urls"]
        )
        return Response({"urls": urls})
