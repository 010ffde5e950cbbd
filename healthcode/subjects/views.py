"""Guardianships and phones, for those whom they concern."""

import uuid
from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY
from config.http.serializers import read
from healthcode.subjects import queries
from healthcode.subjects import serializers as shapes
from healthcode.subjects.answers import answer_privately
from healthcode.subjects.models import Device, Guardianship, Subject
from healthcode.subjects.usecases.decide_guardianship import (
    consent_to_guardianship,
    end_own_guardianship,
)
from healthcode.subjects.usecases.register_device import revoke_device
from healthcode.subjects.usecases.request_guardianship import request_guardianship
from healthcode.subjects.values import Identity, Proof, Relation

TAGS = ["health"]
NEWEST = 100


def _own(request: Request) -> Subject:
    return queries.subject_of(cast("uuid.UUID", request.user.id))


def _body(row: Guardianship, own: Subject) -> dict[str, Any]:
    guardian, dependent = queries.name_hints(row)
    mine = row.guardian_id == own.id
    body = {
        "id": row.id,
        "my_role": "guardian" if mine else "dependent",
        "other": dependent if mine else guardian,
        "subject_id": row.dependent_id,
        "relation": row.relation,
        "proof": row.proof,
        "state": row.state,
        "created_at": row.created_at,
        "valid_until": row.valid_until,
        "closed_at": row.closed_at,
    }
    return dict(shapes.GuardianshipSerializer(body).data)


class Guardianships(APIView):
    """Who acts for whom."""

    @extend_schema(
        operation_id="list_guardianships",
        tags=TAGS,
        responses=shapes.GuardianshipSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """All that concern me, as guardian or as dependent; the newest hundred."""
        own = _own(request)
        return Response([_body(row, own) for row in queries.guardianships_of(own.id)[:NEWEST]])

    @extend_schema(
        operation_id="request_guardianship",
        tags=TAGS,
        request=shapes.GuardianshipRequest,
        responses={201: shapes.GuardianshipSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request) -> Response:
        """Ask to act for a child, a parent or a ward; two operators decide."""
        values = read(shapes.GuardianshipRequest, request.data)
        own = _own(request)

        def run() -> tuple[int, object]:
            row = request_guardianship(
                guardian=own,
                identity=cast("Identity", shapes.identity_of(values["identity"])),
                relation=Relation(values["relation"]),
                proof=Proof(values["proof"]),
                proof_reference=values["proof_reference"],
                valid_until=values.get("valid_until"),
            )
            return 201, _body(row, own)

        return answer_privately(request, endpoint="health.guardianships", run=run)


class GuardianshipConsent(APIView):
    """The dependent's own word."""

    @extend_schema(
        operation_id="consent_to_guardianship",
        tags=TAGS,
        request=None,
        responses=shapes.GuardianshipSerializer,
    )
    def post(self, request: Request, guardianship_id: uuid.UUID) -> Response:
        """Let somebody act for me; safe to repeat."""
        own = _own(request)
        row = consent_to_guardianship(dependent=own, guardianship_id=guardianship_id)
        return Response(_body(row, own))


class GuardianshipEnd(APIView):
    """The end, by either side."""

    @extend_schema(
        operation_id="end_guardianship",
        tags=TAGS,
        request=None,
        responses=shapes.GuardianshipSerializer,
    )
    def post(self, request: Request, guardianship_id: uuid.UUID) -> Response:
        """End a guardianship that concerns me; safe to repeat."""
        own = _own(request)
        row = end_own_guardianship(subject=own, guardianship_id=guardianship_id)
        return Response(_body(row, own))


def _device_body(device: Device) -> dict[str, Any]:
    body = {
        "id": device.id,
        "label": device.label,
        "guardians": device.held_by_id is not None,
        "created_at": device.created_at,
        "revoked_at": device.revoked_at,
    }
    return dict(shapes.DeviceSerializer(body).data)


class Devices(APIView):
    """Phones that show my code."""

    @extend_schema(
        operation_id="list_health_devices",
        tags=TAGS,
        responses=shapes.DeviceSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """All of them, a guardian's too, newest first."""
        rows = _own(request).devices.order_by("-id")[:NEWEST]
        return Response([_device_body(device) for device in rows])


class DeviceRevocation(APIView):
    """A phone that is lost."""

    @extend_schema(
        operation_id="revoke_health_device",
        tags=TAGS,
        request=None,
        responses=shapes.DeviceSerializer,
    )
    def post(self, request: Request, device_id: uuid.UUID) -> Response:
        """Take a phone and its passes out of force; safe to repeat."""
        own = _own(request)
        device = revoke_device(subject_id=own.id, device_id=device_id, actor="subject")
        return Response(_device_body(device))
