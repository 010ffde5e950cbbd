"""What was signed and how it was verified: of a merchant's request, and of a notification."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from merchants.diagnosis.usecases.explain_rest import explain_rest
from merchants.diagnosis.usecases.explain_signature import explain_signature
from merchants.notifications.models import Notification, NotificationAttempt
from merchants.notifications.signed_form import signed_form
from merchants.onboarding.queries import app_credentials, gateway_signer
from merchants.protocol import parameters, rules
from merchants.protocol.formats import beijing
from merchants.workbench.models import GatewayCall
from merchants.workbench.values import Protocol

HASHES = {"RSA2": "SHA-256", "RSA": "SHA-1"}


@dataclass(frozen=True, slots=True)
class Signed:
    """A string, its signature, the public keys it may fit, and the gateway's verdict.

    `keys` are SubjectPublicKeyInfo in Base64, so that a browser can verify it again by itself;
    `charset` is how the string becomes bytes.
    """

    text: str
    signature: str
    hash: str
    keys: list[str]
    charset: str
    valid: bool
    finding: str


def of_call(call: GatewayCall) -> Signed | None:
    """The string of a call of the gateway; None where the call cannot be read."""
    try:
        if call.protocol == Protocol.V3:
            explanation = explain_rest(
                verb=call.verb,
                target=call.target,
                authorization=call.authorization,
                body=call.body,
            )
        else:
            explanation = explain_signature(
                query=call.target.partition("?")[2], body=call.body, content_type=call.content_type
            )
    except parameters.TooManyParameters:
        return None
    signature, kind, charset = _sent(call)
    app = app_credentials(call.app_number)
    return Signed(
        text=explanation.canonical,
        signature=signature,
        hash=HASHES.get(kind, HASHES["RSA2"]),
        keys=[] if app is None else _spki(one.key for one in app.public_keys),
        charset=charset,
        valid=explanation.valid,
        finding=explanation.findings[0] if explanation.findings else "",
    )


def of_attempt(notification: Notification, attempt: NotificationAttempt) -> dict[str, Any]:
    """The form that an attempt sent, and what the gateway signed of it."""
    signer = gateway_signer()
    form = signed_form(notification, signer, beijing(attempt.started_at)).decode("ascii")
    params = dict(parse_qsl(form, keep_blank_values=True, encoding=notification.charset))
    signature = params.pop("sign", "")
    params.pop("sign_type", None)
    signed = Signed(
        text=rules.notification_canonical(params),
        signature=signature,
        hash=HASHES.get(notification.sign_type, HASHES["RSA2"]),
        keys=_spki([signer.key.public_key()]),
        charset=notification.charset.lower(),
        valid=True,
        finding="",
    )
    return {"body": form, "signed": signed}


def _sent(call: GatewayCall) -> tuple[str, str, str]:
    """A call's signature, its kind and its charset, as they were sent."""
    if call.protocol == Protocol.V3:
        header = rules.v3_authorization(call.authorization)
        return (header[2] if header else ""), "RSA2", "utf-8"
    query = call.target.partition("?")[2]
    fields = dict(parse_qsl(call.body)) | dict(parse_qsl(query))
    charset = (fields.get("charset") or "utf-8").lower()
    return fields.get("sign", ""), fields.get("sign_type", "RSA2"), charset


def _spki(keys: Iterable[RSAPublicKey]) -> list[str]:
    return [
        base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
        for key in keys
    ]
