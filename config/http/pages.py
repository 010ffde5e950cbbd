"""What every page for people shares: its language, its time zone, and how it says no."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _

from config.kernel.logs import request_id

GetResponse = Callable[[HttpRequest], HttpResponseBase]
YEAR_S = 365 * 24 * 3600
PARAMETER = "lang"
# Status of a refusal: its title, and what the reader can do about it.
REFUSALS = {
    400: (_("This request cannot be read"), _("The address or the form is malformed.")),
    403: (_("You may not see this"), _("Sign in as somebody who may, or ask for the right.")),
    404: (_("There is nothing here"), _("The address is wrong, or what it showed is gone.")),
    405: (_("This page cannot be used like that"), _("Open it from a link, not with a form.")),
    500: (_("This is our fault"), _("It was logged. Try again in a moment.")),
    503: (
        _("This cannot be answered right now"),
        _("Nothing is wrong with what you asked. Try it again in a moment."),
    ),
}
CSRF_REFUSAL = (
    _("This form is too old"),
    _("Go back, load the page again and send the form once more."),
)


def story_address(text: str) -> str:
    """Where a payment is shown as one story, by any id of it; "" where there is no lab."""
    if not (settings.LAB_MODE and text):
        return ""
    try:
        return f"{reverse('story-find')}?{urlencode({'q': text})}"
    except NoReverseMatch:
        return ""


def page_facts(request: HttpRequest) -> dict[str, Any]:
    """Give templates the languages to choose from and the zone that times are shown in."""
    return {"languages": settings.LANGUAGES, "page_zone": settings.TIME_ZONE}


def wants_page(request: HttpRequest) -> bool:
    """Tell whether the caller is a browser that shows a page, not a program or the API."""
    return "text/html" in request.headers.get("Accept", "") and not request.path.startswith(
        "/api/v"
    )


def refusal_page(
    request: HttpRequest, status: int, texts: tuple[Any, Any] | None = None
) -> HttpResponse:
    """Say no to a person: a page with a title, what to do, and the request's id."""
    title, sentence = texts or REFUSALS[status]
    facts = {
        "status": status,
        "title": title,
        "sentence": sentence,
        "request_id": request_id.get(),
    }
    return render(request, "saoma/error.html", facts, status=status)


class LanguageChoiceMiddleware:
    """Takes `?lang=` on any page: the answer speaks it, and a cookie remembers it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.GET.get(PARAMETER, "") if request.method == "GET" else ""
        if chosen not in dict(settings.LANGUAGES) or not wants_page(request):
            return self.get_response(request)
        translation.activate(chosen)
        request.LANGUAGE_CODE = chosen
        response = self.get_response(request)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR_S, samesite="Lax", httponly=False
        )
        response.headers["Content-Language"] = chosen
        patch_vary_headers(response, ("Cookie",))
        return response
