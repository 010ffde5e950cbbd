"""Authenticate carriers and their devices by a registered key of the carrier's app.

`Saoma-App-Id` names the app, `Saoma-Carrier-Signature` is the Base64 of RSA with SHA-256 over
the body as it is sent: the keys and the algorithm of the gateway.
"""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from config.kernel import clock
from config.kernel.errors import Unauthenticated
from merchants.onboarding import queries as onboarding
from merchants.onboarding.values import AppCredentials, SignType
from merchants.protocol.signing import signed_by_one_of

APP = "Saoma-App-Id"
HEADER = "Saoma-Carrier-Signature"


class CarrierSignatureInvalid(Unauthenticated):
    """No key of a carrier's in force has signed this."""

    code = "carrier_signature_invalid"
    message = "The event is not signed with a registered key of its carrier."


class CarrierSignatureScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI document describes the signature."""

    target_class = "merchants.deals.carrier_signature.CarrierSignature"
    name = "carrierSignature"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """A header beside the body."""
        return {"type": "apiKey", "in": "header", "name": HEADER}


class CarrierSignature(BaseAuthentication):
    """Lets in what a carrier's app has signed; `request.auth` is its credentials."""

    def authenticate(self, request: Request) -> tuple[str, AppCredentials]:
        """Judge the signature over the body as it arrived.

        Raises:
            CarrierSignatureInvalid: no such app, none of its keys, or another body.
        """
        carrier = onboarding.app_credentials(request.headers.get(APP, "")[:16])
        signature = request.headers.get(HEADER, "")
        if carrier is None or not signed_by_one_of(
            carrier.public_keys, [request.body], signature, SignType.RSA2, clock.now()
        ):
            raise CarrierSignatureInvalid(header=HEADER)
        return f"app:{carrier.app_number}", carrier

    def authenticate_header(self, request: Request) -> str:
        """So that a refusal is 401."""
        return HEADER
