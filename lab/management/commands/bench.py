"""`manage.py bench`: every figure beside a yardstick taken in the same run."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from lab.bench import effects, gateway, health, ledger, risk

EXPECTED = {
    "single/pgbench": 0.5,
    "batch/pgbench": 1.5,
    "pay/bare": 0.5,
    "pay/bare at 64": 0.65,
    "ledger hot/uniform": 0.9,
    "pay hot/uniform": 0.9,
    "payment/effects by CPU": 0.25,
    "scan/bare": 0.5,
    "payment/risk decision by CPU": 10.0,
    "payment/risk of transfer by CPU": 10.0,
    "20 ms/risk decision's p99": 1.0,
}
PARTS: Mapping[str, Callable[[int, int], dict[str, float]]] = {
    "ledger": lambda clients, seconds: ledger.run(clients=clients, seconds=seconds),
    "gateway": lambda _clients, _seconds: gateway.run(),
    "effects": lambda _clients, _seconds: effects.run(),
    "health": lambda _clients, seconds: health.run(seconds=seconds),
    "risk": lambda _clients, _seconds: risk.run(),
}
# Beside the rates, which other work on the machine disturbs.
FOR_COMPARISON = "pay/bare by CPU"


class Command(BaseCommand):
    """Measures as production runs, on PostgreSQL and Redis; prints figures and ratios."""

    help = "Measure on PostgreSQL and Redis against yardsticks of the same run."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare size and parts."""
        parser.add_argument("--clients", type=int, default=4)
        parser.add_argument("--seconds", type=int, default=5)
        parser.add_argument(
            "--only",
            choices=list(PARTS),
            help="one part of the whole",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a table and, last, one line of JSON."""
        if connection.vendor != "postgresql":
            raise CommandError("the benchmark needs PostgreSQL: set DATABASE_URL=postgres://…")
        if not settings.REDIS_URL:
            raise CommandError("the benchmark needs Redis: set REDIS_URL=redis://…")
        call_command("migrate", verbosity=0)
        figures: dict[str, float] = {}
        for name in [options["only"]] if options["only"] else PARTS:
            figures |= PARTS[name](options["clients"], options["seconds"])
        ratios = _ratios(figures)
        for name, value in figures.items():
            self.stdout.write(f"  {name:<28}{value:>12,.2f}")
        for name, value in ratios.items():
            expected = EXPECTED.get(name)
            if expected is None:
                self.stdout.write(f"  {name:<28}{value:>12.2f}")
                continue
            verdict = "holds" if value >= expected else "FALLS SHORT"
            self.stdout.write(f"  {name:<28}{value:>12.2f}  expected {expected}: {verdict}")
        self.stdout.write(json.dumps({"figures": figures, "ratios": ratios}))


def _ratios(figures: dict[str, float]) -> dict[str, float]:
    pairs = {
        "single/pgbench": ("single_uniform", "pgbench_uniform"),
        "batch/pgbench": ("batch_uniform", "pgbench_uniform"),
        "ledger hot/uniform": ("single_hot", "single_uniform"),
        "pay/bare": ("pay_uniform", "bare_view"),
        "pay/bare at 64": ("pay_uniform_64", "bare_view_64"),
        "pay hot/uniform": ("pay_hot", "pay_uniform"),
        "payment/effects by CPU": ("payment_database_ms", "effects_worker_ms"),
        "scan/bare": ("scan_verified", "bare_scan_view"),
        "payment/risk decision by CPU": ("risk_payment_ms", "risk_decision_ms"),
        "payment/risk of transfer by CPU": ("risk_payment_ms", "risk_transfer_ms"),
        "20 ms/risk decision's p99": ("risk_budget_ms", "risk_p99_ms"),
    }
    ratios = {
        name: round(figures[above] / figures[below], 3)
        for name, (above, below) in pairs.items()
        if figures.get(above) and figures.get(below)
    }
    if figures.get("pay_cpu_ms"):
        ratios[FOR_COMPARISON] = round(figures["bare_cpu_ms"] / figures["pay_cpu_ms"], 3)
    return ratios
