"""Judge the stored movements of some days by a rule set, as one line of JSON."""

import json
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.kernel import clock
from config.kernel.errors import SaomaError
from wallet.risk.queries.current import in_force, version_named
from wallet.risk.queries.reports import backtest

MOST_DAYS = 366


class Command(BaseCommand):
    """Reads, and writes nothing; the rule set in force unless another is named."""

    help = "Judge stored movements by a rule set with the history they had; one line of JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rules", default="", help="version of a rule set, drafts too")
        parser.add_argument("--days", type=int, default=30, help="of the period, until now")
        parser.add_argument("--without-model", action="store_true", help="rules alone")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["days"] <= MOST_DAYS:
            raise CommandError(f"--days is 1 to {MOST_DAYS}")
        current = in_force()
        try:
            rules = version_named(options["rules"]) if options["rules"] else current.rules
        except SaomaError as error:
            raise CommandError(str(error)) from error
        model = None if options["without_model"] else current.model
        now = clock.now()
        since = now - timedelta(days=options["days"])
        compared = backtest(rules, since=since, until=now, model=model)
        summary = {
            "rule_set": rules.version,
            "days": options["days"],
            "degraded": [] if model else ["model"],
            **compared.facts(),
        }
        self.stdout.write(json.dumps(summary, ensure_ascii=False))
