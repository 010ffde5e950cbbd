"""The city's footfall, for anybody."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.kernel import clock
from healthcode.footfall import queries, rules
from healthcode.footfall.serializers import FootfallSerializer


class Footfall(APIView):
    """One area, one whole hour. There is no parameter for anything narrower."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="read_footfall",
        tags=["city"],
        auth=[],
        parameters=[
            OpenApiParameter("area", str, required=True, description="six digits, GB/T 2260"),
            OpenApiParameter("hour", str, required=True, description="a whole hour, ISO 8601"),
        ],
        responses=FootfallSerializer,
    )
    def get(self, request: Request) -> Response:
        """How many people came to an area in an hour; suppressed where they were few."""
        area, hour = rules.check_question(dict(request.query_params.lists()))
        count = queries.published(area, hour, at=clock.now())
        answer = {"area": area, "hour": hour, "suppressed": count is None, "count": count}
        return Response(FootfallSerializer(answer).data)
