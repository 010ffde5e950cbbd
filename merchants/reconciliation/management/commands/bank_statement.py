"""`manage.py bank_statement --date 2026-03-01`: what the simulated bank moved on a day."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from merchants.reconciliation import files
from merchants.reconciliation.bank import statement_of
from merchants.reconciliation.values import FileFormat


class Command(BaseCommand):
    """Writes the statement to standard output."""

    help = (
        "The simulated bank's statement of a day (the house's zone): every movement it made, "
        "with our reference and its own, as CSV with a fixed header or as camt.053.001.08."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=_date, required=True, help="day, YYYY-MM-DD")
        parser.add_argument(
            "--format",
            choices=[entry.value for entry in FileFormat],
            default=FileFormat.CSV.value,
            help="csv by default",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for part in files.write(statement_of(options["date"]), FileFormat(options["format"])):
            self.stdout.write(part, ending="")


def _date(text: str) -> date:
    """Read a date; argparse turns the ValueError of a wrong one into its own message."""
    return date.fromisoformat(text)
