"""Panel pages: sign in, and change one's own password."""

import logging
from typing import Any

from django.contrib import admin
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from unfold.forms import AuthenticationForm

from config.admin.lab_logins import chosen_name
from config.http.address import client_address
from config.kernel.access import guard, sign_in
from config.kernel.access.guard import Authority
from config.kernel.actors import operator_actor
from config.kernel.audit import chain

log = logging.getLogger(__name__)
LOCKED = "sign_in_locked_s"


class OperatorBackend(ModelBackend):
    """Django's own check of name and password, with a limit on tries and a line for each."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """The operator whose password it is; None for a wrong one.

        Raises:
            PermissionDenied: too many tries; the request says for how many seconds.
        """
        if not username or password is None:
            return None
        address = client_address(request.META) if request is not None else "process"
        try:
            sign_in.begin_try(username=username, address=address)
        except sign_in.TooManySignIns as refusal:
            if request is not None:
                setattr(request, LOCKED, refusal.fields["retry_after_s"])
            _record("sign_in_locked", username, address)
            raise PermissionDenied from refusal
        # A hash of an older kind is made anew when its password is known.
        with guard.under(Authority(operator_actor(username), "password kept in a newer form")):
            user = super().authenticate(request, username=username, password=password, **kwargs)
        if user is None:
            _record("sign_in_failed", username, address)
            return None
        sign_in.forget_tries(username=username, address=address)
        _record("signed_in", username, address)
        return user


class SignInForm(AuthenticationForm):  # type: ignore[misc]
    """The theme's form; a locked name or address is told so."""

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"username": chosen_name(request), **(kwargs.get("initial") or {})}
        super().__init__(request, *args, **kwargs)

    def get_invalid_login_error(self) -> Any:
        error = super().get_invalid_login_error()
        seconds = getattr(self.request, LOCKED, 0)
        if seconds:
            error.message = _("Too many wrong tries. Try again in %(minutes)s minutes.") % {
                "minutes": max(1, round(seconds / 60))
            }
        return error


@never_cache
def login(request: HttpRequest) -> HttpResponse:
    """The panel's own page; 429 where no more tries are judged."""
    response: HttpResponse = admin.site.login(request)
    seconds = getattr(request, LOCKED, 0)
    if seconds:
        response.status_code = 429
        response.headers["Retry-After"] = str(seconds)
    return response


@never_cache
def change_own_password(request: HttpRequest) -> HttpResponse:
    """The panel's page for one's own password: the old one is judged within the limits."""
    if request.method != "POST" or not request.user.is_authenticated:
        form_page: HttpResponse = admin.site.password_change(request)
        return form_page
    username = request.user.get_username()
    address = client_address(request.META)
    try:
        sign_in.begin_try(username=username, address=address)
    except sign_in.TooManySignIns as refusal:
        _record("sign_in_locked", username, address)
        return HttpResponse(
            refusal.message, status=429, headers={"Retry-After": refusal.fields["retry_after_s"]}
        )
    with guard.under(Authority(operator_actor(username), "own password")):
        response: HttpResponse = admin.site.password_change(request)
    if response.status_code == 302:
        sign_in.forget_tries(username=username, address=address)
    return response


def _record(verb: str, username: str, address: str) -> None:
    """Write down who came from where; a name that nobody has is not kept as it was typed."""
    exists = User.objects.filter(username=username).exists()
    name = username if exists else "unknown"
    chain.record(
        action=f"access.{verb}", actor=operator_actor(name), target=f"address:{address}"[:128]
    )
