"""Operators over HTTP: the panel's own session, with its limits and its second factor.

Whoever has signed in to the panel asks with the same cookie, and with Django's token against
forged requests (`X-CSRFToken`). There are no keys of operators: a key asks by night, too.
"""

from typing import cast

from django.contrib.auth.models import User
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request

from config.http.address import client_address
from config.kernel.access import factor_session, sessions
from config.kernel.errors import Unauthenticated


class OperatorAuthentication(SessionAuthentication):
    """Finds the operator of a panel session that is not over and has shown what it must."""

    def authenticate(self, request: Request) -> tuple[User, None]:
        """The operator who asks.

        Raises:
            Unauthenticated: nobody is signed in, the session is over, or the second factor is
                still to be given.
            PermissionDenied: the token against forged requests is missing.
        """
        http = request._request
        user = getattr(http, "user", None)
        key = http.session.session_key
        if user is None or not (user.is_active and user.is_staff and key):
            raise Unauthenticated()
        self.enforce_csrf(request)
        operator = cast("User", user)
        over = sessions.use_session(
            operator=operator,
            key=key,
            address=client_address(http.META),
            browser=http.headers.get("User-Agent", ""),
        )
        has_factor = factor_session.is_shown(http) or not factor_session.is_demanded(operator)
        if over is not None or not has_factor:
            raise Unauthenticated()
        return operator, None

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return "Session"


class OperatorScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The same for the OpenAPI document."""

    target_class = OperatorAuthentication
    name = "Operator"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Describe the cookie."""
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "An operator's session of the panel; POST with `X-CSRFToken`.",
        }
