"""`manage.py settlement_report`: a merchant's day is one figure in six places."""

import io
import json
from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.core.management import call_command

from config.kernel import clock
from merchants.bills.rules import period
from merchants.escrow.usecases.release_escrow import release_escrow
from merchants.onboarding.models import Merchant
from merchants.settlement.models import SettlementBatch, SettlementLine
from tests.factories.clock import advance
from tests.factories.settlement import give_back, make_merchant, make_payer, noon, sell
from wallet.payments.usecases.refund_payment import refund_payment

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TOTALS = (
    "entries_minor",
    "batch_minor",
    "statement_minor",
    "trade_bill_minor",
)


def report(day: date) -> tuple[list[dict[str, object]], dict[str, object]]:
    """The report of the months that a day and the days after it fall in."""
    lines: list[dict[str, object]] = []
    summaries = []
    for month in sorted({day.replace(day=1), (day + timedelta(days=4)).replace(day=1)}):
        out = io.StringIO()
        with suppress(SystemExit):
            call_command("settlement_report", "--month", f"{month:%Y-%m}", stdout=out)
        *rows, last = [json.loads(line) for line in out.getvalue().splitlines()]
        lines += rows
        summaries.append(last["summary"])
    return lines, {"ties": all(one["ties"] for one in summaries)}


@pytest.fixture
def merchants() -> list[Merchant]:
    noon()
    return [
        make_merchant(cutoff_hour=2, fee_bps=60),
        make_merchant(zone="Europe/Paris", cutoff_hour=23, fee_bps=38),
    ]


def trade(merchants: list[Merchant]) -> date:
    """Sales around both cut-offs, refunds before and after settlement; gives the first day."""
    day = clock.today()
    payer = make_payer()
    sales = [sell(merchant, 100_37, payer=payer) for merchant in merchants]
    give_back(sales[0], 10_11, merchant=merchants[0])
    advance(hours=13)
    for merchant in merchants:
        sell(merchant, 20_05, payer=payer)
    advance(hours=2)
    for merchant in merchants:
        sell(merchant, 7_77, payer=payer)
    advance(hours=24)
    for merchant in merchants:
        sell(merchant, 200_00, payer=payer)
    for sale, merchant in zip(sales, merchants, strict=True):
        give_back(sale, 33_33, merchant=merchant)
    advance(days=2)
    return day


@pytest.mark.slow
def test_six_totals_tie_across_zones_cut_offs_and_refunds(merchants: list[Merchant]) -> None:
    lines, summary = report(trade(merchants))
    assert summary["ties"] is True
    assert {line["merchant_id"] for line in lines} == {one.merchant_number for one in merchants}
    for line in lines:
        assert line["state"] == "PAID"
        assert len({line[name] for name in TOTALS}) == 1
        assert line["payout_file_minor"] == line["bank_statement_minor"] == line["payable_minor"]
    assert sum(int(str(line["payout_file_minor"])) for line in lines) > 0


@pytest.mark.slow
def test_the_sale_after_midnight_and_before_the_cut_off_is_the_day_befores(
    merchants: list[Merchant],
) -> None:
    day = trade(merchants)
    lines, _ = report(day)
    first = next(line for line in lines if line["merchant_id"] == merchants[0].merchant_number)
    gross_minor = 100_37 + 20_05 - 10_11
    fee_minor = int(str(first["trade_bill_minor"])) - gross_minor
    assert first["date"] == day.isoformat()
    assert -1_00 < fee_minor < 0


def test_a_total_that_differs_is_told(merchants: list[Merchant]) -> None:
    day = trade(merchants)
    batch = SettlementBatch.objects.filter(merchant=merchants[0]).earliest("business_date")
    line = SettlementLine.objects.filter(batch=batch, kind="PAYMENT").earliest("occurred_at")
    line.delete()
    lines, summary = report(day)
    assert summary["ties"] is False
    assert [line["date"] for line in lines if not line["ties"]] == [day.isoformat()]


def test_a_bill_has_the_days_of_the_batch() -> None:
    asked = period("2026-03-01", zone="Europe/Paris", cutoff_hour=23)
    assert asked.begins_at.isoformat() == "2026-03-01T23:00:00+01:00"
    assert asked.ends_at.isoformat() == "2026-03-02T23:00:00+01:00"


def test_a_sale_in_escrow_is_on_the_bill_of_its_day_and_in_the_batch_of_its_release() -> None:
    day = noon()
    merchant, payer = make_merchant(fee_bps=60), make_payer()
    sell(merchant, 10_00, payer=payer)
    sales = [sell(merchant, 100_00, payer=payer, guaranteed=True) for _ in range(3)]
    for sale, amount_minor in zip(sales, (30_00, 100_00), strict=False):
        refund_payment(payment_id=sale.id, request_no="back", amount_minor=amount_minor)
    advance(days=1)
    release_escrow(payment_id=sales[0].id, request_no="got it")
    advance(days=3)
    lines, summary = report(day)
    assert summary["ties"] is True
    by_day = {line["date"]: line for line in lines}
    first, second = by_day[day.isoformat()], by_day[(day + timedelta(days=1)).isoformat()]
    assert first["batch_minor"] == 10_00 - 6
    assert second["batch_minor"] == second["other_days_minor"] == 70_00 - 42
    assert second["trade_bill_minor"] == 0
