"""GB/T 38963, interface 7: error correction; and erasure."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY
from config.http.serializers import read
from healthcode.appeals import privacy, queries
from healthcode.appeals import serializers as shapes
from healthcode.appeals.models import Appeal
from healthcode.appeals.usecases.erase_person import erase_person
from healthcode.appeals.usecases.file_appeal import file_appeal
from healthcode.decisions.serializers import SubjectQuery
from healthcode.decisions.views import TAGS, acting_for, holder_id, queried_subject
from healthcode.subjects import queries as subjects
from healthcode.subjects.answers import answer_privately


class Corrections(generics.ListAPIView[Appeal]):
    """Objections to a colour."""

    serializer_class = shapes.CorrectionSerializer
    names_subject = ("GET",)

    def get_queryset(self) -> QuerySet[Appeal]:
        """The caller's own."""
        subject = queried_subject(self.request) or subjects.subject_of(holder_id(self.request))
        return queries.appeals_of(subject.id)

    @extend_schema(operation_id="list_corrections", tags=TAGS, parameters=[SubjectQuery])
    def get(self, request: Request) -> Response:
        """My corrections and what came of them, newest first."""
        return self.list(request)

    @extend_schema(
        operation_id="file_correction",
        tags=TAGS,
        request=shapes.CorrectionRequest,
        responses={201: shapes.CorrectionSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request) -> Response:
        """Say that my colour is wrong; two operators decide within a day."""
        values = read(shapes.CorrectionRequest, request.data)
        subject = acting_for(request, values)

        def run() -> tuple[int, object]:
            appeal = file_appeal(
                subject=subject,
                grounds=values["grounds"],
                evidence_id=values.get("evidence_id"),
            )
            return 201, dict(shapes.CorrectionSerializer(appeal).data)

        about = values.get("subject_id")
        return answer_privately(request, endpoint="health.corrections", run=run, about=about)


class Privacy(APIView):
    """What leaves, and what is kept how long; public."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="read_health_privacy",
        tags=TAGS,
        responses=shapes.PrivacySerializer,
        auth=[],
    )
    def get(self, request: Request) -> Response:
        """Every declared way in which data leaves, and every retention period."""
        return Response(shapes.PrivacySerializer(privacy.notice()).data)


class Erasures(APIView):
    """The right to be forgotten."""

    @extend_schema(
        operation_id="erase_me", tags=TAGS, request=shapes.ErasureRequest, responses={204: None}
    )
    def post(self, request: Request) -> Response:
        """Delete everything the health code knows about me."""
        read(shapes.ErasureRequest, request.data)
        subject = subjects.subject_of(holder_id(request))
        erase_person(subject_id=subject.id, actor="subject", purpose="on request")
        return Response(status=204)
