"""The console's pages on which something is done: signing in, apps, keys, faults."""

import uuid
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from config.kernel.errors import SaomaError
from merchants.console import queries, rules
from merchants.console.session import developer_of, sign_in, sign_out, signed_in
from merchants.console.usecases.start_developer import Start, start_developer
from merchants.onboarding import queries as onboarding
from merchants.onboarding.usecases.generate_key_pair import generate_key_pair
from merchants.onboarding.usecases.register_app import register_app
from merchants.onboarding.usecases.revoke_key import revoke_key
from merchants.onboarding.usecases.rotate_key import rotate_key
from merchants.onboarding.usecases.set_notify_url import set_notify_url
from merchants.onboarding.usecases.set_person_naming import set_person_naming
from merchants.onboarding.values import SignType
from merchants.workbench import queries as workbench
from merchants.workbench.usecases.switch_fault import switch_off_fault, switch_on_fault
from merchants.workbench.values import FaultKind

BOTH: Final = (SignType.RSA2, SignType.RSA)
UNPROCESSABLE: Final = 422


@never_cache
@require_GET
def home(request: HttpRequest) -> HttpResponseBase:
    """The developer's apps; for a stranger the door."""
    developer = developer_of(request)
    if developer is None:
        return render(request, "developers/door.html", {"lab": settings.LAB_MODE})
    return render(
        request,
        "developers/home.html",
        {
            "apps": queries.apps_of_owner(developer),
            "merchants": onboarding.merchants_of(developer),
        },
    )


@never_cache
@require_POST
def enter(request: HttpRequest) -> HttpResponseBase:
    """Sign in with the wallet's phone number and password."""
    try:
        sign_in(
            request,
            phone=request.POST.get("phone", ""),
            password=request.POST.get("password", ""),
        )
    except SaomaError as refusal:
        return _door(request, refusal)
    return redirect("console")


@require_POST
def leave(request: HttpRequest) -> HttpResponseBase:
    """Sign out."""
    sign_out(request)
    return redirect("console")


@never_cache
@require_POST
def start(request: HttpRequest) -> HttpResponseBase:
    """Make a newcomer a shop with an app and a key, and sign them in."""
    phone, password = request.POST.get("phone", ""), request.POST.get("password", "")
    try:
        setup = start_developer(
            shop_name=request.POST.get("shop", ""),
            phone=phone,
            password=password,
            pin=request.POST.get("pin", ""),
        )
        sign_in(request, phone=phone, password=password)
    except SaomaError as refusal:
        return _door(request, refusal)
    return render(request, "developers/started.html", _started(setup))


@never_cache
@require_POST
@signed_in
def new_app(request: HttpRequest, developer: uuid.UUID) -> HttpResponseBase:
    """Register an app of one of the developer's merchants."""
    try:
        number = request.POST.get("merchant", "")
        merchant = onboarding.merchant_by_number(number, owner_id=developer)
        app = register_app(
            merchant_id=merchant.id,
            name=rules.app_name(request.POST.get("name", "")),
            notify_url=request.POST.get("notify_url", ""),
        )
    except SaomaError as refusal:
        messages.error(request, _told(refusal))
        return redirect("console")
    messages.success(request, _("The app is registered. It needs a key before it can call."))
    return redirect("console-app", app_number=app.app_number)


@never_cache
@require_GET
@signed_in
def app_page(request: HttpRequest, developer: uuid.UUID, app_number: str) -> HttpResponseBase:
    """One app: what an SDK must be told, its keys, its address, its faults."""
    return _app(request, developer, app_number)


@never_cache
@require_POST
@signed_in
def put_key(request: HttpRequest, developer: uuid.UUID, app_number: str) -> HttpResponseBase:
    """Give an app a key: a pasted public one, or a pair made here and shown once."""
    pair = generate_key_pair() if request.POST.get("make") else None
    try:
        onboarding.app(app_number, owner_id=developer)
        rotate_key(
            app_number=app_number,
            public_key=pair.public_base64 if pair else request.POST.get("public_key", ""),
            overlap=timedelta(hours=rules.overlap_hours(request.POST.get("overlap_hours", ""))),
            sign_types=BOTH,
        )
    except SaomaError as refusal:
        return _refused(request, developer, app_number, refusal)
    if pair is not None:
        return _app(request, developer, app_number, pair=pair)
    messages.success(request, _("The key is in force."))
    return redirect("console-app", app_number=app_number)


@require_POST
@signed_in
def end_key(
    request: HttpRequest, developer: uuid.UUID, app_number: str, key_id: uuid.UUID
) -> HttpResponseBase:
    """Revoke a key at once."""
    try:
        onboarding.app(app_number, owner_id=developer)
        revoke_key(app_number=app_number, key_id=key_id, actor=f"user:{developer}")
    except SaomaError as refusal:
        return _refused(request, developer, app_number, refusal)
    messages.success(request, _("The key is revoked."))
    return redirect("console-app", app_number=app_number)


@require_POST
@signed_in
def set_address(request: HttpRequest, developer: uuid.UUID, app_number: str) -> HttpResponseBase:
    """Set where an app's notifications go when a call names no address."""
    try:
        onboarding.app(app_number, owner_id=developer)
        set_notify_url(app_number=app_number, notify_url=request.POST.get("notify_url", ""))
    except SaomaError as refusal:
        return _refused(request, developer, app_number, refusal)
    messages.success(request, _("Notifications go there from now on."))
    return redirect("console-app", app_number=app_number)


@require_POST
@signed_in
def set_persons(request: HttpRequest, developer: uuid.UUID, app_number: str) -> HttpResponseBase:
    """Set whether an app is told of persons by number, by its own id of them, or by both."""
    try:
        onboarding.app(app_number, owner_id=developer)
        set_person_naming(app_number=app_number, naming=request.POST.get("person_naming", ""))
    except SaomaError as refusal:
        return _refused(request, developer, app_number, refusal)
    messages.success(request, _("Answers name persons so from now on."))
    return redirect("console-app", app_number=app_number)


@require_POST
@signed_in
def faults(request: HttpRequest, developer: uuid.UUID, app_number: str) -> HttpResponseBase:
    """Switch a fault of an app on or off."""
    try:
        onboarding.app(app_number, owner_id=developer)
        kind = rules.fault_kind(request.POST.get("kind", ""))
        actor = f"user:{developer}"
        if request.POST.get("off"):
            switch_off_fault(app_number=app_number, kind=kind, actor=actor)
        else:
            switch_on_fault(
                app_number=app_number,
                kind=kind,
                actor=actor,
                percent=rules.whole(request.POST.get("percent", "100"), field="percent"),
                times=rules.whole_or_none(request.POST.get("times", ""), field="times"),
                delay_ms=rules.whole(request.POST.get("delay_ms") or "0", field="delay_ms"),
            )
    except SaomaError as refusal:
        return _refused(request, developer, app_number, refusal)
    return redirect("console-app", app_number=app_number)


def _door(request: HttpRequest, refusal: SaomaError) -> HttpResponse:
    context = {
        "lab": settings.LAB_MODE,
        "at": reverse("console"),
        "refusal": _told(refusal),
        "phone": request.POST.get("phone", ""),
        "shop": request.POST.get("shop", ""),
    }
    return render(request, "developers/door.html", context, status=UNPROCESSABLE)


def _told(refusal: SaomaError) -> str:
    """What to tell a developer: the sentence, the field, and the stable code."""
    where = f" ({refusal.field})" if refusal.field else ""
    return f"{_(refusal.message)}{where} [{refusal.code}]"


def _refused(
    request: HttpRequest, developer: uuid.UUID, app_number: str, refusal: SaomaError
) -> HttpResponse:
    messages.error(request, _told(refusal))
    return _app(request, developer, app_number, status=UNPROCESSABLE)


def _app(
    request: HttpRequest, developer: uuid.UUID, app_number: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    try:
        app = onboarding.app(app_number, owner_id=developer)
    except onboarding.AppNotFound:
        return render(request, "developers/unknown.html", status=404)
    on = {FaultKind(switch.kind): switch for switch in workbench.faults_of(app.id)}
    context = {
        "facts": queries.facts_of(app),
        "at": reverse("console-app", kwargs={"app_number": app_number}),
        "lab": settings.LAB_MODE,
        "persons": rules.PERSONS,
        "faults": [(text, on.get(text.kind)) for text in rules.FAULTS],
    }
    return render(request, "developers/app.html", context | more, status=status)


def _started(setup: Start) -> dict[str, Any]:
    app = onboarding.app(setup.app_number)
    at = reverse("console-app", kwargs={"app_number": app.app_number})
    return {"facts": queries.facts_of(app), "made": setup, "at": at}
