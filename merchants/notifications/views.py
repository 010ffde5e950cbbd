"""The events API for a merchant's owner, and the old check of a notification."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.serializers import read
from merchants.gateway import views as gateway_views
from merchants.notifications import queries
from merchants.notifications import serializers as shapes
from merchants.notifications.usecases.resend_notification import resend_notification
from merchants.onboarding.callers import actor, caller_id
from merchants.protocol.rules import storable


class Events(APIView):
    """What happened to the trades of the caller's merchants, in order."""

    @extend_schema(
        operation_id="list_events",
        tags=["events"],
        parameters=[shapes.EventQuerySerializer],
        responses=shapes.EventPageSerializer,
        description="Catch up after missed notifications: no order of arrival is ever needed.",
    )
    def get(self, request: Request) -> Response:
        query = read(shapes.EventQuerySerializer, request.query_params.dict())
        events, following = queries.event_page(
            caller_id(request),
            after=query.get("after"),
            merchant_number=query.get("merchant_id"),
            limit=query["limit"],
        )
        return Response(
            {"results": shapes.EventSerializer(events, many=True).data, "next": following}
        )


class EventResend(APIView):
    """Sending one event again."""

    @extend_schema(
        operation_id="resend_event",
        tags=["events"],
        request=None,
        responses={202: shapes.EventSerializer},
        description="The event is sent once more within a second, with the same notify_id.",
    )
    def post(self, request: Request, event_id: uuid.UUID) -> Response:
        queries.event(event_id, owner_id=caller_id(request))
        event = resend_notification(notification_id=event_id, actor=actor(request))
        return Response(shapes.EventSerializer(event).data, status=202)


@csrf_exempt
def gateway(request: HttpRequest) -> HttpResponseBase:
    """Answer `service=notify_verify`, which names no method; all else is the gateway's.

    Authorisation: none; it says `true` or `false` to whoever knows the id and the partner.
    """
    if request.GET.get("service") != "notify_verify" or request.GET.get("method"):
        return gateway_views.gateway(request)
    notify_id, partner = (request.GET.get(name, "") for name in ("notify_id", "partner"))
    is_ours = storable(notify_id + partner) and queries.is_ours(
        notify_id=notify_id, merchant_number=partner
    )
    return HttpResponse("true" if is_ours else "false", content_type="text/plain;charset=utf-8")
