"""Authenticate a bank's messages by an HMAC with a secret that it shares with us.

`Saoma-Signature: t=<seconds since 1970>,v1=<hex HMAC-SHA256 of "<t>." and the body>`; a
message is believed for five minutes. Where no secret is set the address does not exist.
"""

import hashlib
import hmac
import re

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from config.kernel import clock
from config.kernel.errors import NotFound, Unauthenticated

HEADER = "Saoma-Signature"
BELIEVED_S = 300
_FORM = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")


class BankSignatureInvalid(Unauthenticated):
    """The message carries no signature of the bank's secret, or an old one."""

    code = "bank_signature_invalid"
    message = "The message is not signed with the bank's secret, or was signed long ago."


def signature(body: bytes, *, at_s: int, secret: str) -> str:
    """The header of a message, for the bank's side and for tests."""
    text = str(at_s).encode() + b"." + body
    return f"t={at_s},v1={hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()}"


class BankSignatureScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI document describes the signature."""

    target_class = "config.http.bank_signature.BankSignature"
    name = "bankSignature"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """A header beside the body."""
        return {"type": "apiKey", "in": "header", "name": HEADER}


class BankSignature(BaseAuthentication):
    """Lets in what a bank has signed.

    Each bank has a secret of its own: the view names the setting that holds it.
    """

    def authenticate(self, request: Request) -> tuple[str, None]:
        """Judge the header against the body as it arrived.

        Raises:
            NotFound: this installation takes no messages.
            BankSignatureInvalid: missing, ill-formed, old or wrong.
        """
        secret = getattr(settings, request.parser_context["view"].bank_secret)
        if not secret:
            raise NotFound()
        header = request.headers.get(HEADER, "")
        parts = _FORM.fullmatch(header)
        now_s = clock.now().timestamp()
        if parts is None or abs(now_s - int(parts[1])) > BELIEVED_S:
            raise BankSignatureInvalid(header=HEADER)
        expected = signature(request.body, at_s=int(parts[1]), secret=secret)
        if not hmac.compare_digest(expected, header):
            raise BankSignatureInvalid(header=HEADER)
        return "bank", None
