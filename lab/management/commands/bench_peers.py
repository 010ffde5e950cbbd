"""`manage.py bench_peers`: ours beside other Django ledgers, in one table."""

import subprocess
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lab.bench import peers


class Command(BaseCommand):
    """Installs the peers into an environment of their own and measures all in turns."""

    help = "Measure the same transfers on django-hordak and django-ledger (DATABASE_URL)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare for how long, and where the peers are installed."""
        parser.add_argument("--seconds", type=float, default=5.0)
        parser.add_argument("--peers", type=Path, default=settings.BASE_DIR / "var/tools/peers")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the table and, last, one line of sums."""
        if not settings.DATABASE_URL.startswith("postgres"):
            raise CommandError("the peers need PostgreSQL: set DATABASE_URL=postgres://…")
        try:
            figures = peers.run(options["peers"], options["seconds"], self.stdout.write)
        except subprocess.CalledProcessError as error:
            raise CommandError(f"a peer could not be installed or failed: {error}") from error
        heads = list(next(iter(figures.values())))
        self.stdout.write(f"{'transfers a second':<22}" + "".join(f"{head:>18}" for head in heads))
        for name, row in figures.items():
            self.stdout.write(f"{name:<22}" + "".join(f"{row[head]:>18,.1f}" for head in heads))
        ours = figures["saoma"]
        times = ", ".join(
            f"{ours['uniform'] / row['uniform']:.1f} times {name}"
            f" (hot {ours['hot'] / row['hot']:.1f})"
            for name, row in figures.items()
            if name != "saoma"
        )
        self.stdout.write(f"bench-peers: {peers.PROCESSES} processes, saoma {times}")
