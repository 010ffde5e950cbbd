"""The balance API."""

import pytest

from tests.factories.accounts import PIN, client_of, make_user, post
from tests.factories.funds import balance_minor
from tests.factories.settlement import make_merchant
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = pytest.mark.django_db


def test_owner_tops_up_and_looks() -> None:
    owner = make_user(balance_minor=100_00)
    merchant = make_merchant(owner=owner)
    path = f"merchants/{merchant.merchant_number}/balance"
    client = client_of(owner)
    body = {"amount": "30.00", "pin": PIN}
    first, again = (post(client, f"{path}/topups", body, key="k1") for _ in range(2))
    assert (first.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert first.json() == again.json()
    assert client.get(f"/api/v1/{path}").json()["available"] == "30.00"
    assert verify_ledger().passed


def test_balance_that_was_never_topped_up_is_nothing() -> None:
    owner = make_user()
    merchant = make_merchant(owner=owner)
    shown = client_of(owner).get(f"/api/v1/merchants/{merchant.merchant_number}/balance").json()
    assert (shown["available"], shown["held"]) == ("0.00", "0.00")


def test_other_peoples_merchants_do_not_exist() -> None:
    merchant = make_merchant()
    answer = client_of(make_user()).get(f"/api/v1/merchants/{merchant.merchant_number}/balance")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"amount": "30.00", "pin": "000000"}, "pin_wrong"),
        ({"amount": "100.01", "pin": PIN}, "insufficient_funds"),
        ({"amount": "0.00", "pin": PIN}, "amount_out_of_range"),
    ],
)
def test_top_up_is_refused(body: dict[str, str], code: str) -> None:
    owner = make_user(balance_minor=100_00)
    merchant = make_merchant(owner=owner)
    path = f"merchants/{merchant.merchant_number}/balance/topups"
    assert post(client_of(owner), path, body).json()["code"] == code


def test_key_stands_for_one_amount() -> None:
    owner = make_user(balance_minor=100_00)
    merchant = make_merchant(owner=owner)
    path, client = f"merchants/{merchant.merchant_number}/balance/topups", client_of(owner)
    post(client, path, {"amount": "30.00", "pin": PIN}, key="k1")
    other = post(client, path, {"amount": "31.00", "pin": PIN}, key="k1")
    assert (other.status_code, balance_minor(merchant)) == (409, 30_00)
