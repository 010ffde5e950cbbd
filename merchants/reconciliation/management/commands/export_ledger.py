"""`manage.py export_ledger --date 2026-03-01`: the general ledger of a closed day."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from merchants.reconciliation import queries
from merchants.reconciliation.ledger_file import LedgerFormat, write
from wallet.public import posted_between


class Command(BaseCommand):
    """Writes the day to standard output; a day that is not closed is refused."""

    help = (
        "Every entry of a closed day (the house's zone), journal by journal, as CSV or as a "
        "journal that hledger reads and checks."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=_date, required=True, help="day, YYYY-MM-DD")
        parser.add_argument(
            "--format",
            choices=[entry.value for entry in LedgerFormat],
            default=LedgerFormat.CSV.value,
        )
        parser.add_argument("--open", action="store_true", help="also a day that is not closed")

    def handle(self, *args: Any, **options: Any) -> None:
        day: date = options["date"]
        if not options["open"] and not queries.is_closed(day):
            raise CommandError(f"the books of {day} are not closed")
        entries = posted_between(*queries.house_bounds(day))
        for part in write(entries, LedgerFormat(options["format"])):
            self.stdout.write(part, ending="")


def _date(text: str) -> date:
    """Read a date; argparse turns the ValueError of a wrong one into its own message."""
    return date.fromisoformat(text)
