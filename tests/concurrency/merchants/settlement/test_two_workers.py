"""Two workers that settle and pay the same merchants at once do it once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection

from merchants.payouts.models import Payout
from merchants.payouts.usecases.settle_date import settle_date
from merchants.settlement.models import SettlementBatch, SettlementLine
from tests.factories.settlement import books, make_merchant, make_payer, noon, sell
from wallet.ledger import queries as ledger

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 4


def at_once(work: Callable[[], object]) -> None:
    """Run the same work in several threads, each with a connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        for future in [pool.submit(run) for _ in range(WORKERS)]:
            future.result()


def test_each_merchant_is_settled_and_paid_once() -> None:
    day: date = noon()
    merchants, payer = [make_merchant() for _ in range(3)], make_payer()
    for number in range(12):
        sell(merchants[number % 3], 10_00, payer=payer, hear=False)
    at_once(lambda: settle_date(business_date=day))
    assert SettlementBatch.objects.count() == 3
    assert SettlementLine.objects.count() == 12
    assert Payout.objects.count() == 3
    assert [books(merchant) for merchant in merchants] == [(0, 0, 0)] * 3
    assert ledger.trial_balance() == {"CNY": 0}
