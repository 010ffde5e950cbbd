"""`manage.py settle`: JSON that a script can take, the same on every run."""

import json
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from merchants.payouts.models import Payout
from merchants.settlement.models import SettlementBatch
from merchants.settlement.usecases.settle_batch import settle_batch
from merchants.settlement.values import BatchState
from tests.factories.clock import advance
from tests.factories.settlement import give_back, make_merchant, make_payer, noon, sell
from wallet.ledger import queries as ledger
from wallet.ledger.usecases.freeze_account import freeze_account

pytestmark = pytest.mark.django_db


def settle(day: date | None = None) -> dict[str, Any]:
    """Run the command and read what it prints."""
    out = StringIO()
    call_command("settle", *(["--date", day.isoformat()] if day else []), stdout=out)
    printed: dict[str, Any] = json.loads(out.getvalue())
    return printed


def test_prints_batches_and_totals_that_agree_with_the_ledger() -> None:
    today = noon()
    merchant, payer = make_merchant(), make_payer()
    payment = sell(merchant, 100_00, payer=payer)
    give_back(payment, 25_00, merchant=merchant)
    printed = settle(today)
    [batch], [total] = printed["batches"], printed["totals"]
    assert (batch["merchant_id"], batch["state"]) == (merchant.merchant_number, BatchState.PAYING)
    assert (batch["gross"], batch["refunded"], batch["net"]) == ("100.00", "25.00", "74.55")
    assert batch["payout"]["amount"] == batch["payable"] == "74.55"
    assert (total["net"], total["ledger_net"], total["ledger_agrees"]) == ("74.55", "74.55", True)


def test_needs_no_news_of_the_payments() -> None:
    today = noon()
    sell(make_merchant(), 10_00, payer=make_payer(), hear=False)
    assert settle(today)["totals"][0]["gross"] == "10.00"


def test_settles_today_where_no_date_is_given() -> None:
    noon()
    sell(make_merchant(), 10_00, payer=make_payer())
    assert len(settle()["batches"]) == 1


def test_running_it_again_pays_nobody_twice() -> None:
    today = noon()
    payer = make_payer()
    for _ in range(3):
        sell(make_merchant(), 10_00, payer=payer)
    first = settle(today)
    advance(minutes=1)
    second = settle(today)
    assert [entry["payout"]["id"] for entry in first["batches"]] == [
        entry["payout"]["id"] for entry in second["batches"]
    ]
    assert {entry["state"] for entry in second["batches"]} == {BatchState.PAID}
    assert Payout.objects.count() == 3


def test_settles_days_before_it_that_still_wait() -> None:
    today = noon()
    merchant, payer = make_merchant(), make_payer()
    sell(merchant, 10_00, payer=payer, hear=False)
    advance(days=1)
    sell(merchant, 20_00, payer=payer, hear=False)
    settle(today + timedelta(days=1))
    found = SettlementBatch.objects.order_by("business_date").values_list("gross_minor", flat=True)
    assert list(found) == [10_00, 20_00]


def test_a_batch_above_the_limit_stays_where_it_is(settings: Settings) -> None:
    settings.SAOMA_SETTLEMENT_APPROVAL_MINOR = 100
    today = noon()
    sell(make_merchant(), 10_00, payer=make_payer())
    for _ in range(2):
        [batch] = settle(today)["batches"]
        assert (batch["state"], batch["payout"]) == (BatchState.AWAITING_APPROVAL, None)


def test_a_date_without_sales_settles_nothing() -> None:
    today = noon()
    make_merchant()
    assert settle(today) == {"date": today.isoformat(), "batches": [], "totals": []}
    assert ledger.trial_balance() == {}


def test_a_date_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError):
        call_command("settle", "--date", "tomorrow")


def test_a_frozen_merchant_is_told_in_words() -> None:
    today = noon()
    merchant = make_merchant()
    sell(merchant, 10_00, payer=make_payer())
    assert merchant.pending_account_id is not None
    freeze_account(account_id=merchant.pending_account_id)
    with pytest.raises(CommandError, match="account_frozen"):
        settle(today)


def test_a_batch_whose_money_was_all_refunded_has_no_payout() -> None:
    today = noon()
    merchant = make_merchant()
    payment = sell(merchant, 10_00, payer=make_payer())
    settle_batch(batch_id=SettlementBatch.objects.get().id)
    give_back(payment, 10_00, merchant=merchant)
    assert settle(today)["batches"][0]["payout"] is None
