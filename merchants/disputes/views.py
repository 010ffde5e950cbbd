"""The disputes API: a buyer objects, a merchant answers, both hand in evidence."""

import uuid
from collections.abc import Callable

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.serializers import read
from merchants.disputes import queries, rules
from merchants.disputes import serializers as shapes
from merchants.disputes.models import Dispute
from merchants.disputes.usecases.answer_dispute import (
    accept_dispute,
    appeal_dispute,
    cancel_dispute,
    challenge_dispute,
)
from merchants.disputes.usecases.hand_in_evidence import hand_in_evidence
from merchants.disputes.usecases.open_dispute import open_dispute
from merchants.disputes.values import DisputeReason, Side
from merchants.onboarding.callers import actor, caller_id

TAGS = ["disputes"]


def _shown(dispute_id: uuid.UUID, *, status: int = 200) -> Response:
    return Response(shapes.DisputeSerializer(queries.dispute(dispute_id)).data, status=status)


def _of_side(request: Request, dispute_id: uuid.UUID, side: Side) -> Dispute:
    """The caller's dispute, on one side of it.

    Raises:
        DisputeUnknown: it is none of theirs, or they are on the other side.
    """
    row = queries.dispute_of(dispute_id, caller_id=caller_id(request))
    if queries.side_of(row, caller_id=caller_id(request)) is not side:
        raise rules.DisputeUnknown()
    return row


class Disputes(generics.ListAPIView[Dispute]):
    """The caller's disputes, as buyer or as a merchant's owner."""

    serializer_class = shapes.DisputeSerializer

    def get_queryset(self) -> QuerySet[Dispute]:
        return queries.disputes_of(caller_id(self.request)).prefetch_related("evidence")

    @extend_schema(operation_id="list_disputes", tags=TAGS)
    def get(self, request: Request) -> Response:
        return self.list(request)

    @extend_schema(
        operation_id="open_dispute",
        tags=TAGS,
        request=shapes.DisputeRequest,
        responses={201: shapes.DisputeSerializer},
        description="Once for a payment, within 180 days. The merchant has 48 hours to answer.",
    )
    def post(self, request: Request) -> Response:
        values = read(shapes.DisputeRequest, request.data)
        row = open_dispute(
            payment_id=values["payment_id"],
            buyer_id=caller_id(request),
            reason=DisputeReason(values["reason"]),
            text=values["text"],
            amount_minor=values.get("amount"),
        )
        return _shown(row.id, status=201)


class OneDispute(APIView):
    """One dispute of the caller's."""

    @extend_schema(operation_id="read_dispute", tags=TAGS, responses=shapes.DisputeSerializer)
    def get(self, request: Request, dispute_id: uuid.UUID) -> Response:
        return _shown(queries.dispute_of(dispute_id, caller_id=caller_id(request)).id)


class DisputeEvidence(APIView):
    """Files for one dispute."""

    @extend_schema(
        operation_id="hand_in_evidence",
        tags=TAGS,
        request=shapes.EvidenceRequest,
        responses={201: shapes.EvidenceSerializer},
        description="Ten files a side. The same file again gives the first.",
    )
    def post(self, request: Request, dispute_id: uuid.UUID) -> Response:
        body = read(shapes.EvidenceRequest, request.data)
        row = queries.dispute_of(dispute_id, caller_id=caller_id(request))
        evidence = hand_in_evidence(
            dispute_id=row.id,
            side=queries.side_of(row, caller_id=caller_id(request)),
            **body,
        )
        return Response(shapes.EvidenceSerializer(evidence).data, status=201)


class ChallengeDispute(APIView):
    """The merchant's objection."""

    @extend_schema(
        operation_id="challenge_dispute",
        tags=TAGS,
        request=shapes.AnswerRequest,
        responses=shapes.DisputeSerializer,
        description="The merchant objects; operators decide within seven days.",
    )
    def post(self, request: Request, dispute_id: uuid.UUID) -> Response:
        body = read(shapes.AnswerRequest, request.data)
        row = _of_side(request, dispute_id, Side.MERCHANT)
        challenge_dispute(dispute_id=row.id, finding=body["text"], actor=actor(request))
        return _shown(row.id)


class _Step(APIView):
    """A step of one side that needs no more than the wish."""

    side: Side
    step: Callable[..., Dispute]

    def _taken(self, request: Request, dispute_id: uuid.UUID) -> Response:
        row = _of_side(request, dispute_id, self.side)
        type(self).step(dispute_id=row.id, actor=actor(request))
        return _shown(row.id)


class AcceptDispute(_Step):
    """The merchant's yes."""

    side, step = Side.MERCHANT, staticmethod(accept_dispute)

    @extend_schema(
        operation_id="accept_dispute", tags=TAGS, request=None, responses=shapes.DisputeSerializer
    )
    def post(self, request: Request, dispute_id: uuid.UUID) -> Response:
        return self._taken(request, dispute_id)


class CancelDispute(_Step):
    """The buyer takes it back."""

    side, step = Side.BUYER, staticmethod(cancel_dispute)

    @extend_schema(
        operation_id="cancel_dispute", tags=TAGS, request=None, responses=shapes.DisputeSerializer
    )
    def post(self, request: Request, dispute_id: uuid.UUID) -> Response:
        return self._taken(request, dispute_id)


class AppealDispute(_Step):
    """The buyer asks once more."""

    side, step = Side.BUYER, staticmethod(appeal_dispute)

    @extend_schema(
        operation_id="appeal_dispute",
        tags=TAGS,
        request=None,
        responses=shapes.DisputeSerializer,
        description="Once, within 48 hours of a decision for the merchant.",
    )
    def post(self, request: Request, dispute_id: uuid.UUID) -> Response:
        return self._taken(request, dispute_id)
