"""`manage.py bench_growth`: what acts cost as the books grow, on PostgreSQL."""

import json
from dataclasses import asdict
from itertools import pairwise
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
        parser.add_argument(
            "--backlog", type=int, default=100_000, help="events to drain at the last size"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print JSON for each size, then a table; ends with 1 where an act grows."""
        if connection.vendor != "postgresql":
            raise CommandError("the growth bench needs PostgreSQL: set DATABASE_URL=postgres://…")
        call_command("migrate", verbosity=0)
        if SettlementBatch.objects.exists():
            raise CommandError("the growth bench needs a database without payments")
        sizes = sorted(options["sizes"])
        columns: list[growth.Figures] = []
        for figures in growth.run(sizes, backlog=options["backlog"]):
            columns.append(figures)
            self.stdout.write(f"measured at {figures['payments']:,.0f} payments")
            self.stdout.write(json.dumps(_plain(figures)))
        self.stdout.write(f"{'':<27}{'reads':<9}" + "ms by the clock / of processors / statements")
        for name in columns[0]:
            cells = "".join(f"{_cell(each[name]):>26}" for each in columns)
            self.stdout.write(f"{name:<27}{growth.ORDERS.get(name, ''):<9}{cells}")
        wrong = [name for pair in pairwise(columns) for name in growth.grown(*pair)]
        if wrong:
            raise CommandError(f"grows with the books: {', '.join(wrong)}")


def _cell(figure: float | growth.Cost) -> str:
    if isinstance(figure, growth.Cost):
        return f"{figure.clock_ms:,.1f} / {figure.cpu_ms:,.1f} / {figure.statements:,.1f}"
    return f"{figure:,.2f}"


def _plain(figures: growth.Figures) -> dict[str, object]:
    return {name: asdict(it) if isinstance(it, growth.Cost) else it for name, it in figures.items()}
