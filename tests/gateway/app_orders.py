"""Order strings as an app's backend makes them."""

import base64
import json
from typing import Any
from urllib.parse import quote_plus

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from tests.factories.accounts import client_of, post
from tests.gateway.world import Shop
from wallet.accounts.models import WalletUser


def order_string(shop: Shop, method: str, content: dict[str, Any], **common: str) -> str:
    """What `sdkExecute` makes: every parameter, values percent-encoded."""
    params = shop.params(method, content, **common)
    return "&".join(f"{name}={quote_plus(value)}" for name, value in params.items())


def open_(buyer: WalletUser, order: str) -> Any:
    return post(client_of(buyer), "app-orders", {"order": order}, "k1")


def signed_node(shop: Shop, result: str) -> dict[str, Any]:
    """The node of a result whose signature fits the exact bytes."""
    whole = json.loads(result)
    name = next(iter(whole))
    node = result[len(name) + 4 : result.index(',"sign":"')]
    signature = base64.b64decode(whole["sign"])
    shop.gateway_key.verify(signature, node.encode(), PKCS1v15(), SHA256())
    found: dict[str, Any] = whole[name]
    return found
