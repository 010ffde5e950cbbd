"""/api/v1/merchants, /apps, /stores, /terminals: an owner's way through onboarding."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.approve_merchant import approve_merchant
from tests.factories.accounts import client_of, make_user, post
from tests.factories.merchants import key_pair, make_app, make_merchant, make_till
from wallet import public as wallet

pytestmark = pytest.mark.django_db
BODY = {"name": "包子铺", "short_name": "Baozi House", "mcc": "5812", "city": "Nanjing"}


@pytest.fixture
def owner() -> wallet.WalletUser:
    return make_user(name="Owner")


@pytest.fixture
def client(owner: wallet.WalletUser) -> APIClient:
    return client_of(owner)


def put(client: APIClient, path: str, body: dict[str, Any]) -> Any:
    """PUT JSON under /api/v1/."""
    return client.put(f"/api/v1/{path}", body, format="json")


def test_takes_a_newcomer_from_application_to_a_working_key(client: APIClient) -> None:
    merchant = post(client, "merchants", BODY).json()
    number = merchant["merchant_id"]
    assert merchant["state"] == "SUBMITTED"
    store = post(client, "stores", {"merchant_id": number, "code": "NJ1", "name": "Gulou"}).json()
    till = post(client, "terminals", {"store_id": store["id"], "code": "T1"}).json()
    app = post(client, f"merchants/{number}/apps", {"name": "till"}).json()
    pair = post(client, "key-pairs", None).json()
    key = put(client, f"apps/{app['app_id']}/keys", {"public_key": pair["public_base64"]})
    approve_merchant(
        merchant_id=Merchant.objects.get().id, requested_by="operator:a", approved_by="b"
    )
    assert key.status_code == 200
    assert (key.json()["state"], key.json()["sign_types"]) == ("ACTIVE", ["RSA2"])
    assert (till["merchant_id"], till["store_id"]) == (number, store["id"])
    assert client.get(f"/api/v1/merchants/{number}").json()["state"] == "APPROVED"


def test_makes_one_merchant_for_one_idempotency_key(client: APIClient) -> None:
    first, again = (post(client, "merchants", BODY, key="once") for _ in range(2))
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"


def test_keeps_a_draft_until_it_is_submitted(client: APIClient) -> None:
    number = post(client, "merchants", {**BODY, "draft": True}).json()["merchant_id"]
    amended = put(client, f"merchants/{number}", {**BODY, "city": "Suzhou"})
    assert (amended.json()["city"], amended.json()["state"]) == ("Suzhou", "DRAFT")
    assert post(client, f"merchants/{number}/submission", None).json()["state"] == "SUBMITTED"
    assert put(client, f"merchants/{number}", BODY).json()["code"] == "invalid_state"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 65}, "name"),
        ({"short_name": "包子"}, "short_name"),
        ({"mcc": "58"}, "mcc"),
        ({"mcc": 5812.5}, "mcc"),
        ({"city": "x" * 16}, "city"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"cutoff_hour": 24}, "cutoff_hour"),
        ({"payout_account": "DE 12"}, "payout_account"),
        ({"owner_id": "me"}, "owner_id"),
        ({"draft": "perhaps"}, "draft"),
    ],
)
def test_names_the_field_that_is_wrong(
    client: APIClient, changes: dict[str, Any], field: str
) -> None:
    answer = post(client, "merchants", {**BODY, **changes})
    assert (answer.status_code, answer.json()["field"]) == (400, field)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"public_key": "nonsense"}, "key_unreadable"),
        ({"public_key": key_pair().private_pkcs8_pem}, "private_key_refused"),
        ({"public_key": key_pair().public_pem, "sign_types": []}, "invalid_request"),
        ({"public_key": key_pair().public_pem, "sign_types": ["MD5"]}, "invalid_request"),
        ({"public_key": key_pair().public_pem, "sign_types": ["RSA2"] * 2}, "invalid_request"),
        ({"public_key": key_pair().public_pem, "overlap_hours": 721}, "invalid_request"),
        ({}, "invalid_request"),
    ],
)
def test_refuses_a_key_that_is_not_fit(
    client: APIClient, owner: wallet.WalletUser, body: dict[str, Any], code: str
) -> None:
    app = make_app(make_merchant(owner_id=owner.id))
    answer = put(client, f"apps/{app.app_number}/keys", body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_rotates_and_revokes_keys(client: APIClient, owner: wallet.WalletUser) -> None:
    path = f"apps/{make_app(make_merchant(owner_id=owner.id)).app_number}/keys"
    put(client, path, {"public_key": key_pair(1).public_pem, "overlap_hours": 2})
    new, old = client.get(f"/api/v1/{path}").json()["results"]
    assert (new["state"], old["state"]) == ("ACTIVE", "RETIRING")
    assert old["retires_at"] is not None
    gone = client.delete(f"/api/v1/{path}/{old['id']}")
    assert (gone.status_code, gone.json()["state"]) == (200, "REVOKED")


def test_changes_where_an_apps_notifications_go(
    client: APIClient, owner: wallet.WalletUser
) -> None:
    path = f"apps/{make_app(make_merchant(owner_id=owner.id)).app_number}"
    changed = put(client, path, {"notify_url": "https://shop.example/n"})
    assert client.get(f"/api/v1/{path}").json() == changed.json()
    assert put(client, path, {"notify_url": "gopher://x"}).json()["code"] == "notify_url_invalid"


def test_lists_what_the_owner_has(client: APIClient, owner: wallet.WalletUser) -> None:
    merchant = make_merchant(owner_id=owner.id)
    make_till(merchant)
    app = make_app(merchant)
    paths = ("merchants", "stores", "terminals", f"merchants/{merchant.merchant_number}/apps")
    lists = [client.get(f"/api/v1/{path}").json()["results"] for path in paths]
    assert [len(found) for found in lists] == [1, 1, 1, 1]
    assert lists[3][0]["app_id"] == app.app_number


def test_closes_stores_and_terminals(client: APIClient, owner: wallet.WalletUser) -> None:
    till = make_till(make_merchant(owner_id=owner.id))
    first = client.delete(f"/api/v1/terminals/{till.id}")
    second = client.delete(f"/api/v1/stores/{till.store_id}")
    assert (first.json()["state"], second.json()["state"]) == ("CLOSED", "CLOSED")


def test_hides_what_belongs_to_others(client: APIClient) -> None:
    merchant = make_merchant()
    till, app = make_till(merchant), make_app(merchant)
    key = app.keys.get()
    number = merchant.merchant_number
    answers = [
        client.get(f"/api/v1/merchants/{number}"),
        client.get(f"/api/v1/merchants/{number}/apps"),
        put(client, f"merchants/{number}", BODY),
        post(client, f"merchants/{number}/submission", None),
        post(client, f"merchants/{number}/apps", {"name": "x"}),
        post(client, "stores", {"merchant_id": number, "code": "S2", "name": "x"}),
        post(client, "terminals", {"store_id": str(till.store_id), "code": "T2"}),
        client.get(f"/api/v1/apps/{app.app_number}"),
        put(client, f"apps/{app.app_number}", {"notify_url": ""}),
        client.get(f"/api/v1/apps/{app.app_number}/keys"),
        put(client, f"apps/{app.app_number}/keys", {"public_key": key_pair(1).public_pem}),
        client.delete(f"/api/v1/apps/{app.app_number}/keys/{key.id}"),
        client.delete(f"/api/v1/stores/{till.store_id}"),
        client.delete(f"/api/v1/terminals/{till.id}"),
    ]
    assert {answer.status_code for answer in answers} == {404}


def test_asks_strangers_who_they_are() -> None:
    answer = APIClient().get("/api/v1/merchants")
    assert answer.status_code == 401


def test_tells_everybody_the_gateways_public_key() -> None:
    answer = APIClient().get("/api/v1/gateway-key")
    assert answer.status_code == 200
    assert answer.json()["public_base64"].startswith("MIIBIjANBgkq")
