"""Settle a business date by hand and print the result as JSON."""

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.kernel import clock
from config.kernel.errors import SaomaError
from merchants.payouts.models import Payout
from merchants.payouts.usecases.settle_date import settle_date
from merchants.settlement import queries
from merchants.settlement.models import SettlementBatch
from wallet import money

AMOUNTS = ("gross", "refunded", "split", "split_back", "fee", "net", "payable")


class Command(BaseCommand):
    """`manage.py settle --date 2026-03-01`."""

    help = (
        "Settle every merchant's business date (today by default), and the days before it "
        "that still wait, and hand the payouts to the bank. Prints JSON: batches and totals "
        "in major units. Running it again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--date", type=_date, default=None, help="business date, YYYY-MM-DD; today by default"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        day: date = options["date"] or clock.today()
        try:
            batches = settle_date(business_date=day)
        except SaomaError as error:
            raise CommandError(str(error)) from error
        payouts = Payout.objects.filter(batch__in=batches).order_by("attempt")
        latest = {payout.batch_id: payout for payout in payouts}
        report = {
            "date": day.isoformat(),
            "batches": [_batch(batch, latest.get(batch.id)) for batch in batches],
            "totals": _totals(batches),
        }
        self.stdout.write(json.dumps(report, ensure_ascii=False))


def _date(text: str) -> date:
    """Read a date; argparse turns the ValueError of a wrong one into its own message."""
    return date.fromisoformat(text)


def _batch(batch: SettlementBatch, payout: Payout | None) -> dict[str, object]:
    return {
        "id": str(batch.id),
        "merchant_id": batch.merchant.merchant_number,
        "merchant": batch.merchant.name,
        "business_date": batch.business_date.isoformat(),
        "currency": batch.currency,
        "state": batch.state,
        "payments": batch.payment_count,
        "refunds": batch.refund_count,
        **{
            name: money.format_amount(getattr(batch, f"{name}_minor"), batch.currency)
            for name in AMOUNTS
        },
        "journal_id": str(batch.journal_id) if batch.journal_id else None,
        "payout": _payout(payout) if payout else None,
    }


def _payout(payout: Payout) -> dict[str, object]:
    return {
        "id": str(payout.id),
        "state": payout.state,
        "amount": money.format_amount(payout.amount_minor, payout.currency),
        "bank_reference": payout.bank_reference,
    }


def _totals(batches: list[SettlementBatch]) -> list[dict[str, object]]:
    """Sums by currency, and what the ledger says of the same batches."""
    currencies = sorted({batch.currency for batch in batches})
    return [
        _total(currency, [batch for batch in batches if batch.currency == currency])
        for currency in currencies
    ]


def _total(currency: str, batches: list[SettlementBatch]) -> dict[str, object]:
    booked = queries.booked(batches)
    sums = {name: sum(getattr(batch, f"{name}_minor") for batch in batches) for name in AMOUNTS}
    return {
        "currency": currency,
        "batches": len(batches),
        **{name: money.format_amount(sums[name], currency) for name in AMOUNTS},
        "ledger_net": money.format_amount(booked.net_minor, currency),
        "ledger_fee": money.format_amount(booked.fee_minor, currency),
        "ledger_agrees": (booked.net_minor, booked.fee_minor) == (sums["net"], sums["fee"]),
    }
