"""Split bills and red packets over HTTP."""

import pytest

from tests.factories.accounts import PIN, client_of, post
from tests.factories.settlement import make_payer

pytestmark = pytest.mark.django_db


def test_a_bill_is_split_paid_closed_and_read() -> None:
    li, mei, wang = (make_payer(200_00) for _ in range(3))
    ours = {"amount": "100.00", "phones": [mei.phone, wang.phone], "title": "lunch"}
    first = post(client_of(li), "split-bills", ours, key="K1")
    assert (first.status_code, first.json()["state"]) == (201, "OPEN")
    assert [each["amount"] for each in first.json()["shares"]] == ["33.34", "33.33", "33.33"]
    again = post(client_of(li), "split-bills", ours, key="K1")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
    path = f"split-bills/{first.json()['id']}"
    paid = post(client_of(mei), f"{path}/pay", {"pin": PIN})
    assert (paid.status_code, paid.json()["state"]) == (200, "PART_PAID")
    other = post(client_of(mei), f"{path}/close", {})
    assert (other.status_code, other.json()["code"]) == (409, "split_closed")
    closed = post(client_of(li), f"{path}/close", {})
    assert (closed.status_code, closed.json()["state"]) == (200, "CLOSED")
    late = post(client_of(wang), f"{path}/pay", {"pin": PIN})
    assert (late.status_code, late.json()["code"]) == (409, "split_closed")
    assert client_of(wang).get(f"/api/v1/{path}").json() == closed.json()


def test_a_split_in_another_currency_or_of_nobody_is_refused_by_field() -> None:
    li = make_payer(200_00)
    for change, field in ({"currency": "USD"}, "currency"), ({"phones": []}, "phones"):
        body = {"amount": "9.00", "phones": ["+8613999999999"], **change}
        answer = post(client_of(li), "split-bills", body, key="K")
        assert answer.status_code == 400
        assert field in answer.content.decode()


def test_a_red_packet_is_sent_and_claimed_once() -> None:
    li, mei = make_payer(200_00), make_payer(0)
    sent = post(client_of(li), "red-packets", {"amount": "8.88", "shares": 1, "pin": PIN}, key="K1")
    assert (sent.status_code, sent.json()["total"], sent.json()["claimed"]) == (201, "8.88", 0)
    path = f"red-packets/{sent.json()['id']}/claim"
    claims = [post(client_of(mei), path, {}) for _ in range(2)]
    assert [each.json()["amount"] for each in claims] == ["8.88", "8.88"]
    late = post(client_of(li), path, {})
    assert (late.status_code, late.json()["code"]) == (409, "packet_over")
