"""A demo merchant's receiver: takes notifications as a merchant should, or misbehaves.

The response is a switch for lessons; it is kept in the cache, so it is shared by all web
processes and forgotten with them.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.cache import cache

from lab import demo_keys
from lab.mock_merchant.signing import verify_notification
from lab.values import WebhookResponse

SLOW_S = 6.0
KEPT_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class ReceiverAnswer:
    """What the receiver answers: an HTTP status and a text."""

    status: int
    text: str


def receive_notification(*, shop: str, params: Mapping[str, str]) -> ReceiverAnswer:
    """Answer one notification.

    Args:
        shop: the demo merchant's short name.
        params: the form as it came.

    Raises:
        ShopUnknown: no demo merchant has this name.
    """
    demo_keys.load(shop)
    response = webhook_response_of(shop)
    if response is WebhookResponse.ERROR:
        return ReceiverAnswer(500, "the merchant's database is down")
    if response is WebhookResponse.WRONG:
        return ReceiverAnswer(200, "OK, thank you")
    if response is WebhookResponse.SLOW:
        time.sleep(SLOW_S)
    gateway_key = demo_keys.gateway_public_key()
    if not verify_notification(params, gateway_key):
        return ReceiverAnswer(200, "fail: the signature does not fit")
    return ReceiverAnswer(200, "success")


def set_webhook_response(*, shop: str, response: WebhookResponse) -> None:
    """Let a merchant's receiver answer like this from now on.

    Raises:
        ShopUnknown: no demo merchant has this name.
    """
    demo_keys.load(shop)
    cache.set(_place(shop), response.value, KEPT_S)


def webhook_response_of(shop: str) -> WebhookResponse:
    """How a merchant's receiver answers now."""
    return WebhookResponse(cache.get(_place(shop), WebhookResponse.WELL.value))


def _place(shop: str) -> str:
    return f"lab.webhook_response.{shop}"
