"""The yardsticks: views that check a signature and answer a constant.

For payments one RSA-2048 signature checked and one made; for scans at gates one ES256
signature checked, which is the least that any verification costs.
"""

import base64
import functools
from typing import cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

ANSWER = b'{"code":"10000","msg":"Success"}'
_keys: dict[str, rsa.RSAPrivateKey | rsa.RSAPublicKey] = {}


def _private() -> rsa.RSAPrivateKey:
    if "private" not in _keys:
        text = (settings.DATA_DIR / "bench" / "server.pem").read_bytes()
        _keys["private"] = cast(rsa.RSAPrivateKey, load_pem_private_key(text, password=None))
    return cast(rsa.RSAPrivateKey, _keys["private"])


def _public() -> rsa.RSAPublicKey:
    if "public" not in _keys:
        text = (settings.DATA_DIR / "bench" / "client.pub").read_bytes()
        _keys["public"] = cast(rsa.RSAPublicKey, load_pem_public_key(text))
    return cast(rsa.RSAPublicKey, _keys["public"])


@csrf_exempt
def bare(request: HttpRequest) -> HttpResponse:
    """Verify the body against X-Sign; answer with a signed constant."""
    signature = base64.b64decode(request.headers["X-Sign"])
    try:
        _public().verify(signature, request.body, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return HttpResponse(b"bad signature")
    sign = base64.b64encode(_private().sign(ANSWER, padding.PKCS1v15(), hashes.SHA256()))
    return HttpResponse(
        b'{"response":' + ANSWER + b',"sign":"' + sign + b'"}', content_type="text/html"
    )


@csrf_exempt
def bare_scan(request: HttpRequest) -> HttpResponse:
    """Verify the body's ES256 signature (DER, base64) in X-Sign; answer a constant."""
    public = _scan_key()
    try:
        public.verify(
            base64.b64decode(request.headers["X-Sign"]), request.body, ec.ECDSA(hashes.SHA256())
        )
    except InvalidSignature:
        return HttpResponse(b"bad signature")
    return HttpResponse(b'{"admitted":true}', content_type="application/json")


@functools.cache
def _scan_key() -> ec.EllipticCurvePublicKey:
    text = (settings.DATA_DIR / "bench" / "scan.pub").read_bytes()
    return cast(ec.EllipticCurvePublicKey, load_pem_public_key(text))
