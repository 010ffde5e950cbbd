"""Requests of the REST protocol, signed."""

import json
from typing import Any

from django.test import Client

from merchants.onboarding.rules import load_private_key
from merchants.onboarding.values import SignType
from merchants.protocol import rules
from merchants.protocol.signing import sign
from tests.gateway import cutouts
from tests.gateway.world import Shop, fresh_code, new_order
from wallet.accounts.models import WalletUser

NONCE = "5f9fba93-bbb2-40f0-b328-04d5ead3e131"
QUERY = "/v3/alipay/trade/query"


def send(
    shop: Shop,
    path: str = QUERY,
    content: object = None,
    *,
    verb: str = "POST",
    auth: str = "",
    signature: str = "",
    **headers: str,
) -> Any:
    """Send a signed request and check the answer's own signature."""
    body = "" if content is None else content
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    facts = auth or f"app_id={shop.app.app_number},nonce={NONCE},timestamp=1767294245000"
    token = headers.get("HTTP_ALIPAY_APP_AUTH_TOKEN", "")
    canonical = rules.v3_request_canonical(facts, verb, path, text, token)
    key = load_private_key(shop.private_pem.encode())
    signed = signature or sign(key, canonical.encode(), SignType.RSA2)
    extra: dict[str, Any] = {
        "HTTP_AUTHORIZATION": f"ALIPAY-SHA256withRSA {facts},sign={signed}",
        **headers,
    }
    answer = Client().generic(verb, path, text.encode(), "application/json", **extra)
    said = rules.v3_response_canonical(
        answer.headers["alipay-timestamp"],
        answer.headers["alipay-nonce"],
        answer.content.decode(),
    )
    assert cutouts.fits(said.encode(), answer.headers["alipay-signature"], shop.gateway_key)
    return answer


def sale(buyer: WalletUser, **more: Any) -> dict[str, Any]:
    """Content of a payment by code."""
    return {
        "out_trade_no": new_order(),
        "total_amount": "12.00",
        "subject": "茶/Tea",
        "scene": "bar_code",
        "auth_code": fresh_code(buyer),
    } | more
