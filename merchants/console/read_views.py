"""The console's pages on which something is read: calls, explanations, notifications, guides."""

import json
import uuid
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from config.http.pages import story_address
from config.kernel.errors import SaomaError
from merchants.console import queries
from merchants.console.session import developer_of, signed_in
from merchants.diagnosis import effects
from merchants.diagnosis.request_parser import CommandUnreadable, parse_request
from merchants.diagnosis.usecases.explain_received import explain_received, sent_form
from merchants.diagnosis.usecases.explain_rest import explain_rest
from merchants.diagnosis.usecases.explain_signature import Explanation, explain_signature
from merchants.gateway.dispatcher import APP_METHODS, METHODS
from merchants.gateway.known_methods import known_methods, nearest
from merchants.notifications import queries as gateway
from merchants.notifications.models import Notification
from merchants.notifications.usecases.resend_notification import resend_notification
from merchants.protocol import parameters
from merchants.workbench import queries as workbench
from merchants.workbench.models import GatewayCall
from merchants.workbench.values import Protocol

PAGE: Final = 50
GUIDES: Final = {
    "python": "Python",
    "node": "Node.js",
    "java": "Java",
    "php": "PHP",
    "go": "Go",
}


@never_cache
@require_GET
@signed_in
def calls(request: HttpRequest, developer: uuid.UUID) -> HttpResponseBase:
    """Calls of the developer's apps, newest first, to be searched."""
    text, failed = request.GET.get("q", "").strip(), bool(request.GET.get("failed"))
    rows = workbench.search_calls(workbench.calls_of(developer), text=text, failed=failed)
    context = {
        "page": _page(request, rows),
        "q": text,
        "failed": failed,
        "on": settings.SAOMA_GATEWAY_LOG != "off",
    }
    return render(request, "developers/calls.html", context)


@never_cache
@require_GET
@signed_in
def one_call(request: HttpRequest, developer: uuid.UUID, call_id: uuid.UUID) -> HttpResponseBase:
    """One call: what came, what the gateway made of it, what it answered, and why."""
    try:
        call = workbench.call(call_id, owner_id=developer)
    except workbench.CallNotFound as error:
        raise Http404 from error
    context = {
        "call": call,
        "explanation": _explained(call),
        "answer": pretty(call.answer),
        "story": story_address(str(call.id) if call.order_number else ""),
        "without_effect": _without_effect(call),
        **_unknown_method(call),
    }
    return render(request, "developers/call.html", context)


@never_cache
@require_GET
@signed_in
def notifications(request: HttpRequest, developer: uuid.UUID) -> HttpResponseBase:
    """What the developer's merchants were told, newest first."""
    text = request.GET.get("q", "").strip()
    events = gateway.search_events(gateway.events_of(developer), text=text).order_by("-id")
    return render(
        request, "developers/notifications.html", {"page": _page(request, events), "q": text}
    )


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def one_notification(
    request: HttpRequest, developer: uuid.UUID, event_id: uuid.UUID
) -> HttpResponseBase:
    """One notification with every attempt; POST sends it again."""
    try:
        event: Notification = gateway.event(event_id, owner_id=developer)
    except gateway.EventNotFound as error:
        raise Http404 from error
    if request.method == "POST":
        try:
            resend_notification(notification_id=event_id, actor=f"user:{developer}")
            messages.success(
                request, _("It is sent again within a second, with the same notify_id.")
            )
        except SaomaError as refusal:
            messages.error(request, f"{_(refusal.message)} [{refusal.code}]")
        return redirect("console-notification", event_id=event_id)
    return render(request, "developers/notification.html", {"event": event})


@never_cache
@require_http_methods(["GET", "POST"])
def explain(request: HttpRequest) -> HttpResponseBase:
    """Paste a request and see the string the gateway builds, and where yours differs."""
    if not settings.LAB_MODE and developer_of(request) is None:
        return redirect("console")
    context: dict[str, Any] = {"form": request.POST}
    if request.method == "POST":
        try:
            pasted = parse_request(request.POST.get("request", ""))
            context["explanation"] = explain_signature(
                query=pasted.query,
                body=pasted.body,
                content_type=pasted.content_type,
                canonical=request.POST.get("canonical", "").replace("\r\n", "\n"),
                configured_key=request.POST.get("configured_key", ""),
            )
        except parameters.TooManyParameters:
            context["refusal"] = _("The request holds more parameters than the gateway reads.")
        except CommandUnreadable as refusal:
            context["refusal"] = _(refusal.message)
    return render(request, "developers/explain.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def explain_notification(request: HttpRequest, developer: uuid.UUID) -> HttpResponseBase:
    """Paste a notification or a return address, or pick a notification of one's own."""
    text = request.POST.get("received", "")
    picked = request.GET.get("notification", "")
    if request.method == "GET" and picked:
        try:
            text = sent_form(gateway.event(uuid.UUID(picked), owner_id=developer))
        except (ValueError, gateway.EventNotFound) as error:
            raise Http404 from error
    context: dict[str, Any] = {"form": request.POST, "received": text}
    if text.strip():
        try:
            context["explanation"] = explain_received(
                text=text,
                owner_id=developer,
                canonical=request.POST.get("canonical", ""),
                configured_key=request.POST.get("configured_key", ""),
            )
        except parameters.TooManyParameters:
            context["refusal"] = _("This holds more parameters than the gateway sends.")
        except CommandUnreadable as refusal:
            context["refusal"] = _(refusal.message)
    return render(request, "developers/explain_received.html", context)


@require_GET
def guides(request: HttpRequest) -> HttpResponseBase:
    """The guides to a first payment, by language."""
    return render(request, "developers/guides.html", {"guides": GUIDES})


@never_cache
@require_GET
def guide(request: HttpRequest, language: str) -> HttpResponseBase:
    """Your first payment in five minutes, with the app's own values where one is signed in."""
    if language not in GUIDES:
        raise Http404
    developer = developer_of(request)
    apps = [] if developer is None else queries.apps_of_owner(developer)
    app = apps[0] if apps else None
    context = {
        "title": GUIDES[language],
        "language": language,
        "guides": GUIDES,
        "own": app is not None,
        **queries.guide_values(app),
    }
    return render(request, f"developers/guides/{language}.html", context)


@require_GET
def compatibility(request: HttpRequest) -> HttpResponseBase:
    """Which library has called which method, by the test runs' own record."""
    return render(request, "developers/compatibility.html", {"record": queries.compatibility()})


def pretty(text: str) -> str:
    """JSON with line breaks, for reading; other text as it is."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return text


def _explained(call: GatewayCall) -> Explanation | None:
    if call.protocol == Protocol.V3:
        return explain_rest(
            verb=call.verb, target=call.target, authorization=call.authorization, body=call.body
        )
    try:
        return explain_signature(
            query=call.target.partition("?")[2], body=call.body, content_type=call.content_type
        )
    except parameters.TooManyParameters:
        return None


def _unknown_method(call: GatewayCall) -> dict[str, object]:
    """Of a method that this gateway does not answer: whether Alipay has it, or what was meant."""
    if not call.method or call.method in METHODS or call.method in APP_METHODS:
        return {}
    if call.method in known_methods():
        return {"not_offered": True}
    return {"mistyped": True, "meant": nearest(call.method)}


def _without_effect(call: GatewayCall) -> list[str]:
    """The call's parameters that did nothing here."""
    if call.protocol == Protocol.V3:
        return effects.of_body(call.method, call.body)
    return effects.of_call(
        call.method,
        query=call.target.partition("?")[2],
        body=call.body,
        content_type=call.content_type,
    )


def _page(request: HttpRequest, rows: Any) -> Page[Any]:
    return Paginator(rows, PAGE).get_page(request.GET.get("page"))
