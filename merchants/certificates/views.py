"""The certificates API: an app's owner asks for a certificate and fetches the three files."""

from dataclasses import asdict

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.serializers import read
from merchants.certificates import queries
from merchants.certificates import serializers as shapes
from merchants.certificates.usecases.issue_app_certificate import issue_app_certificate
from merchants.onboarding.callers import caller_id
from merchants.onboarding.queries import app as app_by_number

TAGS = ["merchants"]
APP_NUMBER = OpenApiParameter(
    "app_number", {"type": "string", "pattern": "^[0-9]{16}$"}, OpenApiParameter.PATH, required=True
)


class Certificates(APIView):
    """The certificates that go with one app of the caller's."""

    @extend_schema(
        operation_id="read_certificates",
        tags=TAGS,
        parameters=[APP_NUMBER],
        responses=shapes.TrioSerializer,
    )
    def get(self, request: Request, app_number: str) -> Response:
        app_by_number(app_number, owner_id=caller_id(request))
        return Response(asdict(queries.trio(app_number)))

    @extend_schema(
        operation_id="issue_certificate",
        tags=TAGS,
        parameters=[APP_NUMBER],
        request=shapes.AppCertificateRequestSerializer,
        responses={201: shapes.TrioSerializer},
        description="The key becomes the app's active one; the earlier stays good for a day. "
        "The same key again gives the same certificate.",
    )
    def post(self, request: Request, app_number: str) -> Response:
        app_by_number(app_number, owner_id=caller_id(request))
        body = read(shapes.AppCertificateRequestSerializer, request.data)
        issue_app_certificate(app_number=app_number, request=body["request"])
        return Response(asdict(queries.trio(app_number)), status=201)
