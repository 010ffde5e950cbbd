"""The compact form of a JSON Web Signature (RFC 7515), taken apart."""

import base64
from dataclasses import dataclass
from typing import Any

from config.kernel.strict_json import read_json
from healthcode.codec.errors import CertificateRefused, Stage
from healthcode.codec.keys import base64url

_PARTS = 3
MAX_DEPTH = 64


@dataclass(frozen=True, slots=True)
class Jws:
    """Header, payload and signature, and the very bytes that were signed."""

    header: dict[str, Any]
    payload: bytes
    signature: bytes
    signed_bytes: bytes


def parse(text: str) -> Jws:
    """Read `header.payload.signature`.

    Raises:
        CertificateRefused: at stage encoding for base64url, cose for the header (an
            extension that must be understood included).
    """
    parts = text.split(".")
    if len(parts) != _PARTS:
        raise CertificateRefused(Stage.ENCODING, "jws_parts")
    try:
        header, payload, signature = (base64url(part) for part in parts)
    except ValueError as error:
        raise CertificateRefused(Stage.ENCODING, "jws_base64") from error
    try:
        members = json_object(header)
    except CertificateRefused as error:
        raise CertificateRefused(Stage.COSE, "jws_header") from error
    if "crit" in members:
        # RFC 7515, 4.1.11: no extension is understood here, so none may be called critical.
        raise CertificateRefused(Stage.COSE, "critical_header_unknown")
    return Jws(members, payload, signature, f"{parts[0]}.{parts[1]}".encode())


def json_object(data: bytes) -> dict[str, Any]:
    """Read a JSON object in UTF-8, strictly: no byte order mark, no name twice, no NaN.

    What two readers would read differently is signed by nobody in earnest.

    Raises:
        CertificateRefused: at stage cbor, the place of the payload's own form.
    """
    try:
        value = read_json(data, max_depth=MAX_DEPTH)
    except ValueError as error:
        raise CertificateRefused(Stage.CBOR, "json_malformed") from error
    if not isinstance(value, dict):
        raise CertificateRefused(Stage.CBOR, "json_not_an_object")
    return value


def encoded(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
