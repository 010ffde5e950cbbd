"""Who is signed in to the console: a wallet session in Django's, checked at every request."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from config.http.address import client_address
from config.kernel import clock
from wallet import public as wallet

KEY = "console_token"
P = ParamSpec("P")
Inner = Callable[Concatenate[HttpRequest, uuid.UUID, P], HttpResponseBase]
Outer = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def sign_in(request: HttpRequest, *, phone: str, password: str) -> None:
    """Open a wallet session for this browser.

    Raises:
        the refusals of `wallet.open_session`.
    """
    address = client_address(request.META)
    _, token = wallet.open_session(phone=phone, password=password, address=address, label="console")
    request.session.cycle_key()
    request.session[KEY] = token


def sign_out(request: HttpRequest) -> None:
    """End this browser's session, here and in the wallet."""
    token = request.session.pop(KEY, "")
    session = wallet.live_session(token, at=clock.now()) if token else None
    if session is not None:
        wallet.close_session(user_id=session.user_id, session_id=session.id)


def developer_of(request: HttpRequest) -> uuid.UUID | None:
    """The wallet user who is signed in, or None."""
    token = request.session.get(KEY, "")
    session = wallet.live_session(token, at=clock.now()) if token else None
    return None if session is None else session.user_id


def signed_in(view: Inner[P]) -> Outer[P]:
    """Give a view the developer's id; send a stranger to the door."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        developer = developer_of(request)
        if developer is None:
            return redirect("console")
        return view(request, developer, *args, **kwargs)

    return guarded
