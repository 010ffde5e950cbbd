"""The settlement API: owners read their own days and bills; files are exact."""

import csv
import io
from datetime import date

import pytest
from django.test import Client
from rest_framework.test import APIClient

from config.kernel.ids import uuid7
from merchants.onboarding.models import Merchant
from merchants.settlement.models import SettlementBatch
from merchants.settlement.usecases.settle_batch import settle_batch
from tests.factories.accounts import client_of, make_user
from tests.factories.settlement import give_back, make_merchant, make_payer, noon, sell

pytestmark = pytest.mark.django_db


class Shop:
    """A merchant with two sales and a refund, settled."""

    def __init__(self) -> None:
        self.day: date = noon()
        self.owner = make_user()
        self.merchant: Merchant = make_merchant(owner=self.owner)
        payer = make_payer()
        first = sell(self.merchant, 100_00, payer=payer)
        sell(self.merchant, 20_00, payer=payer)
        give_back(first, 30_00, merchant=self.merchant)
        self.batch = settle_batch(batch_id=SettlementBatch.objects.get().id)
        self.client: APIClient = client_of(self.owner)


@pytest.fixture
def shop() -> Shop:
    return Shop()


def rows_of(answer: object) -> list[dict[str, str]]:
    """The rows of a CSV answer."""
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def test_lists_the_owners_settlements(shop: Shop) -> None:
    found = shop.client.get("/api/v1/settlements").json()["results"]
    assert [entry["id"] for entry in found] == [str(shop.batch.id)]
    assert found[0]["merchant_id"] == shop.merchant.merchant_number
    assert found[0]["business_date"] == shop.day.isoformat()


def test_shows_amounts_as_decimal_text(shop: Shop) -> None:
    found = shop.client.get(f"/api/v1/settlements/{shop.batch.id}").json()
    amounts = {name: found[name] for name in ("gross", "refunded", "fee", "net", "payable")}
    assert amounts == {
        "gross": "120.00",
        "refunded": "30.00",
        "fee": "0.54",
        "net": "89.46",
        "payable": "89.46",
    }


def test_somebody_elses_settlement_does_not_exist(shop: Shop) -> None:
    stranger = client_of(make_user())
    assert stranger.get("/api/v1/settlements").json()["results"] == []
    for path in ("", "/lines.csv"):
        answer = stranger.get(f"/api/v1/settlements/{shop.batch.id}{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "settlement_not_found")


def test_an_unknown_settlement_is_not_found(shop: Shop) -> None:
    assert shop.client.get(f"/api/v1/settlements/{uuid7()}").status_code == 404


@pytest.mark.parametrize("path", ["settlements", "statements?date=2026-03-01", "statements.csv"])
def test_nobody_reads_without_a_session(client: Client, path: str) -> None:
    assert client.get(f"/api/v1/{path}").status_code == 401


def test_lines_add_up_to_the_totals_line(shop: Shop) -> None:
    answer = shop.client.get(f"/api/v1/settlements/{shop.batch.id}/lines.csv")
    *lines, total = rows_of(answer)
    assert [line["kind"] for line in lines] == ["PAYMENT", "PAYMENT", "REFUND"]
    for column in ("amount", "fee", "net"):
        fen = sum(round(float(line[column]) * 100) for line in lines)
        assert fen == round(float(total[column]) * 100)
    assert (total["kind"], total["net"]) == ("TOTAL", "89.46")


def test_a_file_has_a_byte_order_mark_for_who_wants_one(shop: Shop) -> None:
    path = f"/api/v1/settlements/{shop.batch.id}/lines.csv"
    plain = b"".join(shop.client.get(path).streaming_content)  # type: ignore[attr-defined]
    marked = b"".join(shop.client.get(path, {"bom": "1"}).streaming_content)  # type: ignore[attr-defined]
    assert marked == b"\xef\xbb\xbf" + plain


def test_the_daily_bill_gives_the_days_totals(shop: Shop) -> None:
    answer = shop.client.get("/api/v1/statements", {"date": shop.day.isoformat()})
    [bill] = answer.json()["statements"]
    assert (bill["merchant_id"], bill["net"]) == (shop.merchant.merchant_number, "89.46")
    assert (bill["payment_count"], bill["refund_count"]) == (2, 1)


def test_the_daily_bill_comes_as_a_file(shop: Shop) -> None:
    answer = shop.client.get("/api/v1/statements.csv", {"date": shop.day.isoformat()})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f"statement-{shop.day}.csv" in answer.headers["Content-Disposition"]
    assert len(rows_of(answer)) == 4


def test_a_day_without_sales_has_no_bill(shop: Shop) -> None:
    answer = shop.client.get("/api/v1/statements", {"date": "2001-01-01"})
    assert answer.json() == {"statements": []}


@pytest.mark.parametrize("query", [{}, {"date": "yesterday"}, {"date": "2026-02-30"}])
def test_a_date_that_is_none_is_refused(shop: Shop, query: dict[str, str]) -> None:
    for path in ("statements", "statements.csv"):
        answer = shop.client.get(f"/api/v1/{path}", query)
        assert answer.status_code == 400


def test_text_that_a_spreadsheet_would_run_is_disarmed(shop: Shop) -> None:
    shop.batch.lines.update(reference="=HYPERLINK(1)")
    answer = shop.client.get(f"/api/v1/settlements/{shop.batch.id}/lines.csv")
    assert rows_of(answer)[0]["reference"] == "'=HYPERLINK(1)"


def test_a_file_is_given_to_whoever_accepts_files_alone(shop: Shop) -> None:
    path = f"/api/v1/settlements/{shop.batch.id}/lines.csv"
    answer = shop.client.get(path, headers={"Accept": "text/csv"})
    assert (answer.status_code, len(rows_of(answer))) == (200, 4)
    lost = shop.client.get("/api/v1/statements.csv?date=x", headers={"Accept": "text/csv"})
    assert lost.json()["code"] == "invalid_request"
