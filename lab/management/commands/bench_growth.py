"""`manage.py bench_growth`: what acts cost as the books grow, on PostgreSQL."""

import json
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from lab.bench import growth
from merchants.settlement.models import SettlementBatch

SIZES = (1_000, 100_000, 1_000_000)


class Command(BaseCommand):
    """Grows the books of an empty database and measures the same acts at each size."""

    help = "Measure acts at 1 k, 100 k and 1 M payments, on an empty PostgreSQL (DATABASE_URL)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the sizes."""
        parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a column for each size and, last, one line of JSON."""
        if connection.vendor != "postgresql":
            raise CommandError("the growth bench needs PostgreSQL: set DATABASE_URL=postgres://…")
        call_command("migrate", verbosity=0)
        if SettlementBatch.objects.exists():
            raise CommandError("the growth bench needs a database without payments")
        columns = []
        for figures in growth.run(sorted(options["sizes"])):
            columns.append(figures)
            self.stdout.write(f"measured at {figures['payments']:,.0f} payments")
        for name in columns[0]:
            self.stdout.write(f"{name:<28}" + "".join(f"{each[name]:>14,.2f}" for each in columns))
        self.stdout.write(json.dumps({"growth": columns}))
