"""`manage.py payout_file --date 2026-03-01`: the payouts of a day as the bank reads them."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from merchants.payouts import iso20022, queries
from merchants.payouts.models import Payout


class Command(BaseCommand):
    """Writes the file to standard output; the same day gives the same bytes."""

    help = (
        "What went to the bank on a day (the house's zone), as ISO 20022 pain.001.001.09 or as "
        "CSV. The payout's id, 32 hex digits, is the end-to-end reference."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=_date, required=True, help="day, YYYY-MM-DD")
        parser.add_argument("--format", choices=("pain.001", "csv"), default="pain.001")

    def handle(self, *args: Any, **options: Any) -> None:
        day: date = options["date"]
        begins = datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))
        payouts = queries.submitted_between(begins, begins + timedelta(days=1))
        orders = [_order(payout) for payout in payouts]
        if options["format"] == "csv":
            for row in iso20022.write_csv(orders, at=begins):
                self.stdout.write(row, ending="")
        elif not orders:
            raise CommandError(f"no payout went to the bank on {day}")
        else:
            number = f"SAOMA-{day:%Y%m%d}"
            content = iso20022.write_orders(orders, number=number, at=begins)
            self.stdout.write(content.decode(), ending="")


def _order(payout: Payout) -> iso20022.Order:
    return iso20022.Order(
        reference=payout.id.hex,
        amount_minor=payout.amount_minor,
        currency=payout.currency,
        bank=payout.bank,
        account=payout.bank_account,
        holder=payout.holder,
    )


def _date(text: str) -> date:
    """Read a date; argparse turns the ValueError of a wrong one into its own message."""
    return date.fromisoformat(text)
