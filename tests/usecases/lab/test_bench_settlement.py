"""The bench of a large day settles and bills a day that the product could have had."""

import io

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from lab.bench import history, settlement
from merchants.settlement.models import SettlementBatch, SettlementLine

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
PAYMENTS = 30


def test_all_of_its_payments_are_on_one_days_batches(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LAB_MODE = True
    monkeypatch.setattr(settlement, "PAYERS", 4)
    monkeypatch.setattr(settlement, "MERCHANTS", 3)
    figures = settlement.run(PAYMENTS)
    batches = SettlementBatch.objects.all()
    assert len({batch.business_date for batch in batches}) == 1
    assert sum(batch.gross_minor for batch in batches) == PAYMENTS * history.AMOUNT_MINOR
    assert SettlementLine.objects.count() == PAYMENTS
    assert {"settle, s", "statement, s", "trade bills, s", "aggregate, s"} <= figures.keys()
    call_command("verify_ledger", stdout=io.StringIO())
