"""POST /api/v1/unit-transfers: a merchant of another unit is paid over HTTP."""

from typing import Any

import pytest

from tests.factories.accounts import PIN, client_of, make_user, post
from tests.factories.units import World

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "unit-transfers"


def body(world: World, **changes: Any) -> dict[str, Any]:
    facts = {"payee_id": str(world.merchant.id), "amount": "30.00", "reference": "T1", "pin": PIN}
    return {**facts, **changes}


def test_a_payment_is_sent_completed_and_answered_again(world: World) -> None:
    client = client_of(world.payer)
    first = post(client, PATH, body(world), key="K1")
    assert (first.status_code, first.json()["state"]) == (201, "SENT")
    world.work()
    again = post(client, PATH, body(world), key="K1")
    assert again.headers["Idempotency-Replayed"] == "true"
    seen = client.get(f"/api/v1/{PATH}/{first.json()['transfer_id']}").json()
    assert seen == again.json() == {**first.json(), "state": "COMPLETED"}
    assert world.balances() == (970_00, 30_00)


def test_another_key_content_and_another_unit_are_told_apart(world: World) -> None:
    client = client_of(world.payer)
    post(client, PATH, body(world), key="K1")
    conflict = post(client, PATH, body(world, amount="31.00"), key="K1")
    assert (conflict.status_code, conflict.json()["code"]) == (409, "crossing_conflict")
    same = post(client, PATH, body(world, payee_id=str(world.payer.id)))
    assert (same.status_code, same.json()["code"]) == (422, "same_unit")


def test_what_somebody_else_sent_is_not_found(world: World) -> None:
    sent = post(client_of(world.payer), PATH, body(world)).json()
    answer = client_of(make_user()).get(f"/api/v1/{PATH}/{sent['transfer_id']}")
    assert answer.status_code == 404
