"""A passkey of a real browser: it signs what is shown, and a flipped digit is refused."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.factories.accounts import PIN, client_of, post
from tests.factories.passkeys import waiting_payment
from tests.factories.settlement import make_payer

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
MAKE = """async (options) => {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return (await navigator.credentials.create({ publicKey })).toJSON();
}"""
# The challenge is what the phone shows: the hash of the transaction's text.
SIGN = """async ([options, text]) => {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  publicKey.challenge = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return (await navigator.credentials.get({ publicKey })).toJSON();
}"""


def at_home(page: Page, live_server: LiveServer, settings: Settings) -> None:
    """Open a page of ours with an authenticator in the browser."""
    settings.PUBLIC_URL = live_server.url.replace("127.0.0.1", "localhost")
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto(f"{settings.PUBLIC_URL}/magic/")


@pytest.mark.django_db(transaction=True)
def test_a_browsers_passkey_pays_and_a_flipped_digit_is_refused(
    page: Page, live_server: LiveServer, settings: Settings
) -> None:
    at_home(page, live_server, settings)
    li = make_payer(5_000_00)
    client = client_of(li)
    options = post(client, "passkeys/options", {}).json()["public_key"]
    passkey = post(client, "passkeys", {"pin": PIN, "credential": page.evaluate(MAKE, options)})
    assert (passkey.status_code, passkey.json()["state"]) == (201, "ACTIVE")

    payment = waiting_payment(li)
    subject = {"kind": "PAYMENT", "subject_id": str(payment.id)}
    challenge = post(client, "challenges", subject).json()
    path = f"challenges/{challenge['id']}/assert"
    flipped = post(client, path, {"credential": signed(page, challenge, flip=True)})
    assert (flipped.status_code, flipped.json()["code"]) == (409, "challenge_mismatch")
    assert client.get(f"/api/v1/payments/{payment.id}").json()["status"] == "PENDING"

    challenge = post(client, "challenges", subject).json()
    path = f"challenges/{challenge['id']}/assert"
    paid = post(client, path, {"credential": signed(page, challenge)})
    assert (paid.status_code, paid.json()["passkey_id"]) == (200, passkey.json()["id"])
    assert client.get(f"/api/v1/payments/{payment.id}").json()["status"] == "PAID"


def signed(page: Page, challenge: dict[str, Any], *, flip: bool = False) -> Any:
    """The browser signs what is shown; flipped, with another first digit of the amount."""
    text = str(challenge["transaction"])
    amount = json.loads(text)["amount"]
    shown = text.replace(f'"{amount}"', f'"9{amount[1:]}"') if flip else text
    assert (shown == text) is not flip
    return page.evaluate(SIGN, [challenge["public_key"], shown])
