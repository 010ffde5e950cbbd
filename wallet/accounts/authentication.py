"""Authenticate API calls by bearer tokens of wallet sessions."""

from typing import cast

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from config.kernel import clock
from config.kernel.errors import Unauthenticated, invariant
from wallet.accounts import queries
from wallet.accounts.models import SessionToken, WalletUser

SCHEME = "Bearer"


class TokenInvalid(Unauthenticated):
    """The bearer token is malformed, unknown, expired or revoked; which one is not told."""

    code = "token_invalid"
    message = "The session token is not valid; log in again."


class SessionTokenAuthentication(BaseAuthentication):
    """Reads `Authorization: Bearer <token>`; sets `request.user` and `request.auth`.

    No header means nobody asks, which public endpoints allow. A header that is wrong in
    any way is refused even there.
    """

    def authenticate(self, request: Request) -> tuple[WalletUser, SessionToken] | None:
        """Find the session of the request's token.

        Raises:
            TokenInvalid: there is a header and it opens no session.
        """
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if not header:
            return None
        scheme, _, token = header.partition(" ")
        if scheme.casefold() != SCHEME.casefold() or not token.strip():
            raise TokenInvalid()
        session = queries.live_session(token.strip(), at=clock.now())
        if session is None:
            raise TokenInvalid()
        return session.user, session

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for; DRF answers 403 without it."""
        return SCHEME


def wallet_user(request: Request) -> WalletUser:
    """The user who asks; views behind authentication have one."""
    user = cast("object", request.user)
    invariant(isinstance(user, WalletUser), "this view is for logged-in wallet users")
    return cast("WalletUser", user)


def session_of(request: Request) -> SessionToken:
    """The session the request came with."""
    session = cast("object", request.auth)
    invariant(isinstance(session, SessionToken), "this view is for logged-in wallet users")
    return cast("SessionToken", session)
