"""`manage.py settlement_report --month 2026-03`: each day in six places, as JSON lines."""

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.kernel import clock
from merchants.reconciliation.six_totals import SixTotals, six_totals

TOTALS = (
    "entries_minor",
    "batch_minor",
    "statement_minor",
    "trade_bill_minor",
    "other_days_minor",
    "payout_file_minor",
    "bank_statement_minor",
    "payable_minor",
    "netted_minor",
)


class Command(BaseCommand):
    """One line a merchant and day, a summary as the last line; exit 1 where a day differs."""

    help = (
        "What each merchant's business day came to: by the ledger's entries, the batch, the "
        "statement, the trade bill (all four are one figure), and what was paid out of it: by "
        "the payouts and by the bank. Minor units; the last line is a summary."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--month", type=_month, required=True, help="YYYY-MM")

    def handle(self, *args: Any, **options: Any) -> None:
        days = settled = differing = 0
        for totals in six_totals(month=options["month"], now=clock.now()):
            self.stdout.write(json.dumps(_line(totals)))
            days += 1
            settled += totals.is_settled
            differing += not totals.ties
        summary = {
            "month": f"{options['month']:%Y-%m}",
            "days": days,
            "settled": settled,
            "differing": differing,
            "ties": differing == 0,
        }
        self.stdout.write(json.dumps({"summary": summary}))
        if differing:
            raise SystemExit(1)


def _month(text: str) -> date:
    """Read a month; argparse turns the ValueError of a wrong one into its own message."""
    return date.fromisoformat(f"{text}-01")


def _line(totals: SixTotals) -> dict[str, object]:
    batch = totals.batch
    return {
        "merchant_id": batch.merchant.merchant_number,
        "zone": batch.merchant.zone,
        "cutoff_hour": batch.merchant.cutoff_hour,
        "date": batch.business_date.isoformat(),
        "currency": batch.currency,
        "state": batch.state,
        **{name: getattr(totals, name) for name in TOTALS},
        "ties": totals.ties,
    }
