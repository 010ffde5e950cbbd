"""How terminals say who they are: `Authorization: Terminal <id>.<secret>`."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from config.kernel.errors import Unauthenticated
from healthcode.verification import queries
from healthcode.verification.models import Terminal
from healthcode.verification.usecases.verify_code import record_stranger

SCHEME = "Terminal"
MAX_CREDENTIAL = 200


class TerminalAuthentication(BaseAuthentication):
    """Finds the terminal; strangers are turned away and written down."""

    def authenticate(self, request: Request) -> tuple[Terminal, None]:
        """The terminal that asks.

        Raises:
            Unauthenticated: no terminal says who it is.
            queries.TerminalUnregistered: it is none of ours.
        """
        scheme, _, credential = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.casefold() != SCHEME.casefold():
            raise Unauthenticated()
        terminal = queries.terminal_by(credential.strip()[:MAX_CREDENTIAL])
        if terminal is None:
            record_stranger(credential=credential.strip())
            raise queries.TerminalUnregistered()
        return terminal, None

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return SCHEME


class TerminalScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The same for the OpenAPI document."""

    target_class = TerminalAuthentication
    name = "Terminal"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Describe the header."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Terminal <id>.<secret>`, given once when a terminal is registered.",
        }
