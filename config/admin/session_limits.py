"""Middleware: refuse panel sessions that have ended or lack their second factor."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout, user_logged_out
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from config.admin import second_factor_pages
from config.http.address import client_address
from config.kernel.access import factor_session, sessions
from config.kernel.actors import operator_actor
from config.kernel.approvals.pages import operator_of

PANEL = "admin/"
OPEN_DOORS = frozenset({f"{PANEL}login/", f"{PANEL}logout/", f"{PANEL}jsi18n/"})
FACTOR_PAGES = frozenset({second_factor_pages.GIVE, second_factor_pages.SET_UP})


class SessionLimitsMiddleware:
    """Asks an operator whose session is over to sign in again, before any page is made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """The way to the sign-in page where the session is over; None where it goes on."""
        match = request.resolver_match
        if match is None or not match.route.startswith(PANEL) or match.route in OPEN_DOORS:
            return None
        user = request.user
        key = request.session.session_key
        if not (user.is_authenticated and user.is_staff and key):
            return None
        over = sessions.use_session(
            operator=operator_of(request),
            key=key,
            address=client_address(request.META),
            browser=request.headers.get("User-Agent", ""),
        )
        if over is None:
            return self._second_factor(request, match.url_name or "")
        logout(request)
        messages.warning(request, _("Your session has ended. Sign in again."))
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))

    @staticmethod
    def _second_factor(request: HttpRequest, name: str) -> HttpResponse | None:
        """The way to the page of the second factor, where one is demanded and not shown yet."""
        if name in FACTOR_PAGES or factor_session.is_shown(request):
            return None
        if not factor_session.is_demanded(operator_of(request)):
            return None
        onward = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{reverse(second_factor_pages.GIVE)}?{onward}")


def note_sign_out(
    sender: object, request: HttpRequest, user: User | None = None, **kwargs: Any
) -> None:
    """Write an operator's own sign-out down; a receiver of Django's signal."""
    key = request.session.session_key
    if user is not None and user.is_staff and key:
        sessions.sign_out(key=key, actor=operator_actor(user.get_username()))


user_logged_out.connect(note_sign_out, dispatch_uid="console.sign_out")
