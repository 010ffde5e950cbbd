"""Train a risk model and store it."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.kernel.errors import SaomaError
from wallet.risk.usecases.store_model import store_model


class Command(BaseCommand):
    """Train on a seed's simulated world; a rule set then names the model by its version."""

    help = "Prints the stored model's figures as one line of JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--version-name", required=True, help="what rule sets call it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            model = store_model(
                version=options["version_name"], seed=options["seed"], actor="command:risk_train"
            )
        except SaomaError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps({"version": model.version, **model.figures}))
