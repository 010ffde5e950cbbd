"""`manage.py bench_settlement`: what a large day costs to settle and to bill, on PostgreSQL."""

import json
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from lab.bench import settlement
from merchants.settlement.models import SettlementBatch


class Command(BaseCommand):
    """Writes a day into an empty database, settles and bills it, and prints what it cost."""

    help = "Measure the settlement of one large day, on an empty PostgreSQL (DATABASE_URL)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the size."""
        parser.add_argument("--payments", type=int, default=1_000_000)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each figure and, last, one line of JSON."""
        if connection.vendor != "postgresql":
            raise CommandError("the settlement bench needs PostgreSQL: set DATABASE_URL=…")
        call_command("migrate", verbosity=0)
        if SettlementBatch.objects.exists():
            raise CommandError("the settlement bench needs a database without payments")
        figures = settlement.run(options["payments"])
        for name, value in figures.items():
            self.stdout.write(f"{name:<32}{value:>14,.2f}")
        self.stdout.write(json.dumps({"settlement": figures}))
