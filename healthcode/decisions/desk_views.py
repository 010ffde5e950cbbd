"""What operators ask for over HTTP; it is decided in the panel, by others."""

from typing import cast

from django.contrib.auth.models import User
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.operators import OperatorAuthentication
from config.http.serializers import read
from config.kernel.approvals.request import request_approval
from healthcode.decisions import serializers as shapes


class DeskRequests(APIView):
    """Wishes of the health desk: whatever health does under four eyes."""

    authentication_classes = (OperatorAuthentication,)

    @extend_schema(
        operation_id="ask_for_approval",
        tags=["health"],
        request=shapes.DeskRequest,
        responses={201: shapes.AskedSerializer},
    )
    def post(self, request: Request) -> Response:
        """Ask for an action by name; the same wish of the same operator again is the same one."""
        values = read(shapes.DeskRequest, request.data)
        approval = request_approval(
            action=values["action"],
            parameters=values["parameters"],
            reason=values["reason"],
            maker=cast("User", request.user),
        )
        return Response(shapes.AskedSerializer(approval).data, status=201)
