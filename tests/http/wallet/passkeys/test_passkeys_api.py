"""The passkeys API: a whole confirmation, and bad input that is always told apart."""

from typing import Any

import pytest

from tests.factories.accounts import PIN, client_of, post
from tests.factories.passkeys import make_authenticator, waiting_payment
from tests.factories.settlement import make_payer

pytestmark = pytest.mark.django_db


def test_a_phone_registers_signs_pays_and_revokes() -> None:
    li, device = make_payer(5_000_00), make_authenticator()
    client = client_of(li)
    options = post(client, "passkeys/options", {}).json()["public_key"]
    assert options["rp"]["id"] == device.host
    body = {"pin": PIN, "label": "phone", "credential": device.make(options)}
    made = post(client, "passkeys", body)
    assert (made.status_code, made.json()["state"]) == (201, "ACTIVE")
    assert post(client, "passkeys", body).headers["Idempotency-Replayed"] == "true"
    payment = waiting_payment(li)
    asked = {"kind": "PAYMENT", "subject_id": str(payment.id)}
    challenge = post(client, "challenges", asked, key="k").json()
    assert post(client, "challenges", asked, key="k").json()["id"] == challenge["id"]
    signature = {"credential": device.sign(challenge["transaction"])}
    path = f"challenges/{challenge['id']}/assert"
    used = post(client, path, signature)
    assert (used.status_code, used.json()["passkey_id"]) == (200, made.json()["id"])
    assert client.get(f"/api/v1/payments/{payment.id}").json()["status"] == "PAID"
    again = post(client, path, signature)
    assert (again.status_code, again.json()["code"]) == (409, "assertion_replayed")
    one = f"/api/v1/passkeys/{made.json()['id']}"
    assert client.delete(one).status_code == 204
    assert client.get(one).json()["state"] == "REVOKED"
    assert client.get("/api/v1/passkeys").json()["results"][0]["state"] == "REVOKED"


def credentials() -> list[Any]:
    """What a broken or hostile client sends in the place of a credential."""
    shape = {"id": "AA", "rawId": "AA", "type": "public-key"}
    client_data = ["A", "AAAA", "bnVsbA", "W10", "eyJ0eXBlIjogMX0", "eyJjaGFsbGVuZ2UiOiAxfQ"]
    return [
        None, [], "x", 7, {}, {**shape, "response": None}, {**shape, "response": []},
        *(
            {**shape, "response": {
                "clientDataJSON": data, "attestationObject": "AA",
                "authenticatorData": "AA", "signature": "AA",
            }}
            for data in client_data
        ),
    ]  # fmt: skip


def test_no_credential_however_wrong_is_an_error_of_ours() -> None:
    li, device = make_payer(5_000_00), make_authenticator()
    client = client_of(li)
    options = post(client, "passkeys/options", {}).json()["public_key"]
    for credential in credentials():
        answer = post(client, "passkeys", {"pin": PIN, "credential": credential})
        assert answer.status_code == 400, credential
    made = post(client, "passkeys", {"pin": PIN, "credential": device.make(options)})
    assert made.status_code == 201
    subject = str(waiting_payment(li).id)
    challenge = post(client, "challenges", {"kind": "PAYMENT", "subject_id": subject}).json()
    path = f"challenges/{challenge['id']}/assert"
    genuine = device.sign(challenge["transaction"])
    broken = [
        {**genuine, "response": {**genuine["response"], name: wrong}}
        for name in genuine["response"]
        for wrong in ("A", "AAAA", "_" * 300)
    ]
    for credential in [*credentials(), *broken, {**genuine, "rawId": "AAAA"}]:
        status = post(client, path, {"credential": credential}).status_code
        assert status in {400, 403, 409}, credential
    bodies: list[Any] = [{}, [], {"kind": "X", "subject_id": subject}, {"kind": "PAYMENT"}]
    for body in bodies:
        assert post(client, "challenges", body).status_code == 400
    for kind in ("PAYMENT", "HOLD"):
        unknown = {"kind": kind, "subject_id": made.json()["id"]}
        assert post(client, "challenges", unknown).status_code == 404
    assert post(client, path, {"credential": genuine}).status_code == 200
