"""A small month is played and proved as the large one is (`make month`)."""

import io
import json

import pytest
from django.core.management import call_command

from merchants.settlement.models import SettlementBatch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_three_days_around_a_clock_change_tie_to_the_fen() -> None:
    out = io.StringIO()
    options = ("--payments=24", "--seed=4", "--first=2026-10-24", "--days=3")
    call_command("month", *options, stdout=out)
    rows = [json.loads(line) for line in out.getvalue().splitlines() if line.startswith("{")]
    summary = next(row["summary"] for row in rows if "summary" in row)
    assert summary["ties"] is True
    assert summary["done"]["sale"] == 24
    assert summary["merchant_days"] == SettlementBatch.objects.count() >= 9
