"""The lab's pages, and what they ask for. All of it exists in lab mode only."""

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from config.http.serializers import read
from lab import demo_accounts, demo_keys, queries, world
from lab import serializers as shapes
from lab.demo_keys import ShopUnknown
from lab.story import find, tags, tell
from lab.usecases import run_till
from lab.usecases.move_clock import move_clock
from lab.usecases.receive_notification import receive_notification, set_webhook_response
from lab.values import Receipt, Step, WebhookResponse
from merchants.checkout.usecases.scan_as_buyer import PhoneScan, scan_as_buyer
from merchants.notifications.usecases.resend_notification import resend_notification
from merchants.workbench.usecases.switch_fault import switch_on_fault
from merchants.workbench.values import FaultKind
from wallet import public as wallet
from wallet.qr.drawing import qr_svg

ACTOR = "lab:stage"


def page(template: str) -> Callable[[HttpRequest], HttpResponseBase]:
    """Make the view of a page that is the same for everybody."""

    @require_safe
    def view(request: HttpRequest) -> HttpResponseBase:
        lab_only()
        return render(
            request, template, {"accounts": demo_accounts, "gate": demo_keys.gate_credential()}
        )

    return view


@require_safe
def story(request: HttpRequest, number: str = "") -> HttpResponseBase:
    """A payment's whole story; without a number, whichever `q` means, or the newest payments."""
    lab_only()
    text = request.GET.get("q", "")
    unknown = False
    if text:
        try:
            return redirect("story", number=find.number_of(text))
        except find.StoryUnknown:
            unknown = True
    if number and wallet.payment_of_number(number) is None:
        raise Http404
    context = {"number": number, "tag": tags.short(number), "q": text, "unknown": unknown}
    return render(request, "lab/story.html", context, status=404 if unknown else 200)


@csrf_exempt
@require_POST
def notify(request: HttpRequest, shop: str) -> HttpResponseBase:
    """A demo merchant's notify_url: called by the gateway, without a cookie."""
    lab_only()
    params = {name: str(value) for name, value in request.POST.items()}
    try:
        answer = receive_notification(shop=shop, params=params)
    except ShopUnknown as error:
        raise Http404 from error
    return HttpResponse(answer.text, status=answer.status, content_type="text/plain")


@require_safe
def sticker(request: HttpRequest, shop: str) -> HttpResponseBase:
    """A merchant's printed code as a drawing, with correction enough for a scratched one."""
    merchant = _sticker_of(shop)
    drawing = qr_svg(merchant["sticker"], level="Q", byte_mode=True, label=merchant["name"])
    return HttpResponse(drawing, content_type="image/svg+xml; charset=utf-8")


@require_safe
def poster(request: HttpRequest, shop: str) -> HttpResponseBase:
    """The printed code as a sheet for the counter, with the shop's name above it."""
    return render(request, "lab/poster.html", {"shop": _sticker_of(shop)})


def _sticker_of(slug: str) -> dict[str, str]:
    """A shop that has a printed code.

    Raises:
        Http404: there is none, or this is no lab.
    """
    lab_only()
    merchant = next((shop for shop in queries.shops() if shop["slug"] == slug), None)
    if merchant is None or not merchant["sticker"]:
        raise Http404
    return merchant


def lab_only() -> None:
    """Be absent outside lab mode.

    Raises:
        Http404: this is no lab.
    """
    if not settings.LAB_MODE:
        raise Http404


class LabOnly(APIView):
    """What all of the lab has in common: no login, and outside lab mode it does not exist."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        lab_only()
        super().initial(request, *args, **kwargs)


class LabApi(LabOnly):
    """What is asked for as JSON, which no other site can make a browser send here."""

    def read(self, shape: type[Serializer[Any]]) -> dict[str, Any]:
        """The request's values, checked.

        Raises:
            ValidationError: with every wrong field named.
        """
        return read(shape, self.request.data)


@extend_schema(exclude=True)
class LabView(LabApi):
    """What a page of the lab asks for: no place in any document."""


class World(LabView):
    """The seeded people and shops, and the time."""

    def get(self, request: Request) -> Response:
        return Response(queries.world())


class Stage(LabView):
    """Books and notifications."""

    def get(self, request: Request) -> Response:
        return Response(queries.stage())


class Stories(LabView):
    """The newest payments."""

    def get(self, request: Request) -> Response:
        return Response({"payments": tell.newest()})


class Story(LabView):
    """All that belongs to one payment, by its number."""

    def get(self, request: Request, number: str) -> Response:
        return Response(tell.story(number))


class Messages(LabView):
    """What the simulated SMS provider has sent to a phone, newest first."""

    def get(self, request: Request) -> Response:
        return Response({"messages": queries.messages(request.query_params.get("phone", ""))})


class Stream(LabView):
    """The key to the live stream."""

    def get(self, request: Request) -> Response:
        return Response(queries.stream_grant())


class Events(LabView):
    """Events after one, for pages whose server has no live stream."""

    def get(self, request: Request) -> Response:
        try:
            after = uuid.UUID(request.query_params.get("after", ""))
        except ValueError:
            after = None
        return Response({"events": queries.events(after)})


class Clock(LabView):
    """The world's clock."""

    def get(self, request: Request) -> Response:
        return Response(queries.clock_face())


class ClockAdvance(LabView):
    """Moving the world's clock."""

    def post(self, request: Request) -> Response:
        report = move_clock(step=Step(self.read(shapes.StepShape)["step"]))
        jobs = [{"at": at, "job": name, "done": count} for at, name, count in report.steps if count]
        return Response({**queries.clock_face(), "jobs": jobs, "events": report.events})


class Resend(LabView):
    """Sending a notification again by hand."""

    def post(self, request: Request, notification_id: uuid.UUID) -> Response:
        row = resend_notification(notification_id=notification_id, actor=ACTOR)
        return Response(queries.notification(row))


class WebhookResponses(LabView):
    """How a merchant's receiver behaves."""

    def post(self, request: Request) -> Response:
        values = self.read(shapes.WebhookResponseShape)
        set_webhook_response(
            shop=values["shop"], response=WebhookResponse(values["webhook_response"])
        )
        return Response({"shops": queries.shops()})


class Faults(LabView):
    """The scissors: what is armed, and arming one fault for a shop's next call."""

    def get(self, request: Request) -> Response:
        return Response({"faults": queries.armed_faults()})

    def post(self, request: Request) -> Response:
        values = self.read(shapes.FaultShape)
        switch_on_fault(
            app_number=demo_keys.load(values["shop"]).app_number,
            kind=FaultKind(values["kind"]),
            actor=ACTOR,
            times=1,
        )
        return Response({"faults": queries.armed_faults()})


class PhoneCode(LabView):
    """A fresh payment code of a buyer's phone, without the seconds that a command takes."""

    def post(self, request: Request) -> Response:
        values = self.read(shapes.PhoneShape)
        buyer = world.buyer(values["buyer"])
        fresh = wallet.issue_fresh_code(user_id=buyer.id)
        return Response(
            {
                "code": fresh.code,
                "buyer_id": buyer.user_number,
                "buyer_login": buyer.phone,
                "expires_at": fresh.expires_at.isoformat(),
            }
        )


class PhoneScanned(LabView):
    """A buyer's phone held to a code, an order string or a link; paid if asked to."""

    def post(self, request: Request) -> Response:
        values = self.read(shapes.ScanShape)
        return Response(scan_as_buyer(PhoneScan(**values, pin=demo_accounts.PIN)))


class TillView(LabView):
    """One thing a till does: a shape in, a receipt out."""

    shape: type[Serializer[Any]]
    act: Callable[..., Receipt]

    def post(self, request: Request) -> Response:
        receipt = type(self).act(**self.read(self.shape))
        return Response(shapes.ReceiptShape(receipt).data)


class TillPay(TillView):
    """Charge a customer's code."""

    shape = shapes.ChargeShape
    act = staticmethod(run_till.charge_code)


class TillOrder(TillView):
    """Show a code to be scanned."""

    shape = shapes.SaleShape
    act = staticmethod(run_till.offer_order)


class TillQuery(TillView):
    """Ask how an order stands."""

    shape = shapes.QuestionShape
    act = staticmethod(run_till.ask_trade)


class TillCancel(TillView):
    """Take a sale back."""

    shape = shapes.OrderShape
    act = staticmethod(run_till.take_back)


class TillRefund(TillView):
    """Give money back."""

    shape = shapes.RefundShape
    act = staticmethod(run_till.give_back)
