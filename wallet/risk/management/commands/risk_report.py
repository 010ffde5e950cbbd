"""Measure the risk rules and a freshly trained model on a simulated world, as JSON lines."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from wallet.risk import rules
from wallet.risk.rules.scoring import LibraryMissing, Model, read_model
from wallet.risk.rules.versions import NEWEST
from wallet.risk.simulator.dataset import Periods, simulate
from wallet.risk.simulator.training import ALERT_BUDGET, measure, train


class Command(BaseCommand):
    """Train on the first weeks of a seed's world, measure on later ones; touches no table."""

    help = "One line per script, with the model and by rules alone; the last line sums up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--without-model", action="store_true", help="rules alone")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.perf_counter()
        seed = options["seed"]
        periods = simulate(seed)
        model = None if options["without_model"] else _trained(periods, seed)
        current = rules.rule_set(NEWEST)
        figures = measure(current, model, periods.test)
        scripts = figures.pop("scripts")
        for name, caught in scripts.items():
            self.stdout.write(json.dumps({"script": name, **caught}))
        alone = measure(current, None, periods.test) if model else figures
        missed = [name for name, each in scripts.items() if not each["caught"]]
        self.stdout.write(
            json.dumps(
                {
                    "seed": seed,
                    "rule_set": NEWEST,
                    "degraded": [] if model else ["model"],
                    "trained_until": periods.train[-1].at.isoformat(),
                    "measured_from": periods.test[0].at.isoformat(),
                    **figures,
                    "false_alerts_within_budget": figures["false_alert_share"] <= ALERT_BUDGET,
                    "scripts_missed": missed,
                    "rules_alone_false_alert_share": alone["false_alert_share"],
                    "rules_alone_pr_auc": alone["pr_auc"],
                    "seconds": round(time.perf_counter() - began, 1),
                }
            )
        )


def _trained(periods: Periods, seed: int) -> Model | None:
    try:
        trained = train(periods, seed=seed)
    except LibraryMissing:
        return None
    return read_model(f"seed-{seed}", trained.text, trained.threshold)
