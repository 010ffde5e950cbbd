"""Savings, the pay-later line and the order of sources over HTTP."""

import pytest

from tests.factories.accounts import client_of, post
from tests.factories.settlement import make_payer

pytestmark = pytest.mark.django_db


def test_savings_take_money_in_and_give_it_back() -> None:
    client = client_of(make_payer(200_00))
    into = post(client, "savings/deposit", {"amount": "50.00"}, key="K1")
    assert (into.status_code, into.json()["amount"]) == (201, "50.00")
    again = post(client, "savings/deposit", {"amount": "50.00"}, key="K1")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert client.get("/api/v1/savings").json()["balance"] == "50.00"
    back = post(client, "savings/redeem", {"amount": "20.00"}, key="K2")
    assert back.status_code == 201
    assert client.get("/api/v1/savings").json()["balance"] == "30.00"
    assert post(client, "savings/redeem", {"amount": "30.01"}, key="K3").status_code == 422


def test_the_order_of_sources_is_set_and_read() -> None:
    client = client_of(make_payer(200_00))
    order = {"sources": ["CREDIT", "SAVINGS"]}
    path = "/api/v1/funding-order"
    set_ = client.put(path, order, format="json")
    assert set_.status_code == 200, set_.content
    assert client.get(path).json() == set_.json()
    wrong = client.put(path, {"sources": ["GOLD"]}, format="json")
    assert wrong.status_code == 400


def test_a_line_is_applied_for_and_nothing_owed_cannot_be_repaid() -> None:
    client = client_of(make_payer(200_00))
    line = post(client, "credit/applications", {})
    assert line.status_code == 201, line.content
    assert client.get("/api/v1/credit").json() == line.json()
    assert client.get("/api/v1/credit/bills").json() == []
    assert post(client, "credit/repay", {"amount": "1.00"}, key="K1").status_code == 422
