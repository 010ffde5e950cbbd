"""The compact form of a JSON Web Signature (RFC 7515), taken apart."""

import base64
import json
from dataclasses import dataclass
from typing import Any

from healthcode.codec.errors import CertificateRefused, Stage
from healthcode.codec.keys import base64url

_PARTS = 3


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
        CertificateRefused: at stage encoding for base64url, cose for the header.
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
    return Jws(members, payload, signature, f"{parts[0]}.{parts[1]}".encode())


def json_object(data: bytes) -> dict[str, Any]:
    """Read a JSON object; numbers that JSON does not have (NaN) are refused.

    Raises:
        CertificateRefused: at stage cbor, the place of the payload's own form.
    """
    try:
        value = json.loads(data, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise CertificateRefused(Stage.CBOR, "json_malformed") from error
    if not isinstance(value, dict):
        raise CertificateRefused(Stage.CBOR, "json_not_an_object")
    return value


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def encoded(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
