"""The settlement API by date and state; open days; payout attempts; opening and closing balance."""

from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from tests.factories.accounts import client_of, make_user
from tests.factories.clock import advance
from tests.factories.settlement import give_back, make_merchant, make_payer, noon, sell

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


class Shop:
    """A settled day of 100.00, and an open one of 50.00 with 20.00 refunded."""

    def __init__(self, payout_account: str = "6222020200012300") -> None:
        self.day = noon()
        owner = make_user()
        self.merchant = make_merchant(owner=owner, payout_account=payout_account)
        payer = make_payer()
        sell(self.merchant, 100_00, payer=payer)
        advance(days=1)
        give_back(sell(self.merchant, 50_00, payer=payer), 20_00, merchant=self.merchant)
        self.client = client_of(owner)

    def days(self, **query: Any) -> list[str]:
        """The days that the list gives for a query."""
        answer = self.client.get("/api/v1/settlements", query)
        assert answer.status_code == 200, answer.content
        return [entry["business_date"] for entry in answer.json()["results"]]

    def statement(self, **query: Any) -> dict[str, Any]:
        """The one statement of a query."""
        [bill] = self.client.get("/api/v1/statements", query).json()["statements"]
        return dict(bill)


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_settlements_are_listed_by_date_and_state(shop: Shop) -> None:
    first, second = shop.day.isoformat(), (shop.day + timedelta(days=1)).isoformat()
    assert shop.days() == [second, first]
    assert shop.days(date=first) == [first]
    assert shop.days(date_from=second) == [second]
    assert shop.days(date_to=first) == [first]
    assert shop.days(state="OPEN") == [second]
    assert shop.days(state=["OPEN", "PAID"]) == [second, first]


@pytest.mark.parametrize("query", [{"date": "yesterday"}, {"state": "GONE"}])
def test_a_filter_that_means_nothing_is_refused(shop: Shop, query: dict[str, str]) -> None:
    assert shop.client.get("/api/v1/settlements", query).status_code == 400


def test_the_statement_of_an_open_day_says_what_it_holds_so_far(shop: Shop) -> None:
    bill = shop.statement(date=clock.today().isoformat())
    assert (bill["state"], bill["is_open"]) == ("OPEN", True)
    figures = {name: bill[name] for name in ("gross", "refunded", "fee", "net", "payable")}
    assert figures == {
        "gross": "50.00",
        "refunded": "20.00",
        "fee": "0.18",
        "net": "29.82",
        "payable": "0.00",
    }


def test_a_statement_has_the_balance_its_day_began_and_ended_with(shop: Shop) -> None:
    first = shop.statement(date=shop.day.isoformat())
    assert (first["state"], first["is_open"]) == ("PAID", False)
    assert (first["opening"], first["closing"]) == ("0.00", "100.00")
    second = shop.statement(date=clock.today().isoformat())
    assert (second["opening"], second["closing"]) == ("100.00", "30.00")


def test_statements_are_filtered_by_state(shop: Shop) -> None:
    query = {"date": shop.day.isoformat(), "state": "OPEN"}
    assert shop.client.get("/api/v1/statements", query).json() == {"statements": []}


def test_a_settlement_shows_each_attempt_and_the_banks_reference() -> None:
    shop = Shop(payout_account="6222020200012391")
    [entry] = shop.client.get("/api/v1/settlements", {"date": str(shop.day)}).json()["results"]
    [payout] = entry["payouts"]
    assert (payout["attempt"], payout["state"], payout["amount"]) == (1, "RETURNED", "99.40")
    assert (payout["reason"], len(payout["bank_reference"])) == ("account_closed", 34)
