"""`manage.py bank_statement --date 2026-03-01`: what the simulated bank moved on a day."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from merchants.reconciliation import files, queries
from merchants.reconciliation.bank import statement_of
from merchants.reconciliation.planting import plant
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
        parser.add_argument(
            "--plant", type=int, metavar="SEED", help="plant twelve kinds of difference by a seed"
        )
        parser.add_argument(
            "--truth", type=Path, metavar="FILE", help="write what was planted, as JSON lines"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        statement = statement_of(options["date"])
        if options["plant"] is not None:
            late_from = queries.house_bounds(statement.day)[1] - queries.LAST_HOUR
            statement, planted = plant(statement, seed=options["plant"], late_from=late_from)
            if options["truth"]:
                rows = [f"{json.dumps(one._asdict())}\n" for one in planted]
                options["truth"].write_text("".join(rows))
        for part in files.write(statement, FileFormat(options["format"])):
            self.stdout.write(part, ending="")


def _date(text: str) -> date:
    """Read a date; argparse turns the ValueError of a wrong one into its own message."""
    return date.fromisoformat(text)
