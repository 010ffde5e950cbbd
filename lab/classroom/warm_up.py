"""Do before the first visitor comes what the first of everything would wait for."""

from django.test import Client

from lab import demo_accounts, demo_keys
from lab.mock_merchant.signing import sign_request
from lab.scenarios import book, scratch
from merchants.onboarding.queries import gateway_signer


def warm_up() -> None:
    """Read addresses, lessons and keys: checking an RSA key takes longer than a payment."""
    Client().get("/lab/world", headers={"host": "localhost"})
    for name in book.names():
        book.scenario(name)
    scratch.state()
    gateway_signer()
    for shop in demo_accounts.SHOPS:
        sign_request({}, demo_keys.load(shop.slug).private_key, "RSA2", "utf-8")
