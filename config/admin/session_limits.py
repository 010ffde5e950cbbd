"""The panel's doors shut behind a session that was unused, has grown old or was ended."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout, user_logged_out
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from config.http.address import client_address
from config.kernel.access import sessions
from config.kernel.approvals.pages import operator_of

DESK = "health_desk"
OPEN_DOORS = frozenset({"login", "logout", "jsi18n"})


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
        if match is None or match.url_name in OPEN_DOORS:
            return None
        if "admin" not in match.app_names and match.url_name != DESK:
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
            return None
        logout(request)
        messages.warning(request, _("Your session has ended. Sign in again."))
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))


def note_sign_out(
    sender: object, request: HttpRequest, user: User | None = None, **kwargs: Any
) -> None:
    """Write an operator's own sign-out down; a receiver of Django's signal."""
    key = request.session.session_key
    if user is not None and user.is_staff and key:
        sessions.sign_out(key=key, actor=f"operator:{user.get_username()}")


user_logged_out.connect(note_sign_out, dispatch_uid="console.sign_out")
