"""How terminals say who they are.

By a secret, `Authorization: Terminal <id>.<secret>`, or by a signature of the request with
a key of their own, `Authorization: Terminal <id>.<unix seconds>.<base64url signature>`:
ES256 (r, s in 64 bytes) over `saoma/terminal/v1`, method, path, seconds and the SHA-256 of
the body in hex, each on a line. A signature is good for 90 seconds.
"""

import hashlib
import uuid

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from config.kernel import clock
from config.kernel.errors import Unauthenticated
from healthcode.codec.keys import base64url
from healthcode.verification import queries
from healthcode.verification.models import Terminal
from healthcode.verification.usecases.verify_code import record_stranger

SCHEME = "Terminal"
MAX_CREDENTIAL = 200
SIGNED_DOTS = 2
SIGNATURE_GOOD_S = 90


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
        credential = credential.strip()[:MAX_CREDENTIAL]
        if credential.count(".") == SIGNED_DOTS:
            terminal = _by_signature(request, credential)
        else:
            terminal = queries.terminal_by(credential)
        if terminal is None:
            record_stranger(credential=credential)
            raise queries.TerminalUnregistered()
        return terminal, None

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return SCHEME


def signed_text(method: str, path: str, seconds: int, body: bytes) -> bytes:
    """What a terminal signs to prove that a request is its own."""
    digest = hashlib.sha256(body).hexdigest()
    return f"saoma/terminal/v1\n{method}\n{path}\n{seconds}\n{digest}".encode()


def _by_signature(request: Request, credential: str) -> Terminal | None:
    name, seconds, signature = credential.split(".")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 11):
        return None
    if abs(clock.now().timestamp() - int(seconds)) > SIGNATURE_GOOD_S:
        return None
    try:
        terminal_id, signature_bytes = uuid.UUID(name), base64url(signature)
    except ValueError:
        return None
    http = request._request
    signed = signed_text(str(http.method), http.get_full_path(), int(seconds), http.body)
    return queries.terminal_by_signature(terminal_id, signature_bytes, signed)


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
            "description": "`Terminal <id>.<secret>`, given once when a terminal is registered; "
            "or `Terminal <id>.<seconds>.<signature>` with a key of its own.",
        }
