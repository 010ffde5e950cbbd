"""`manage.py trust`: a demo buyer's payment trust, and a way to earn it quickly.

Without `--earn` it prints the figure and what it is made of. A new buyer has 540, whose
deposit is frozen; from 600 on a deposit may be waived.
"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.kernel.errors import SaomaError
from lab import demo_accounts, world
from lab.usecases.earn_trust import earn_trust
from wallet import public as wallet


class Command(BaseCommand):
    """Prints a figure and its factors, earned first if asked to."""

    help = "Print a buyer's payment trust; with --earn, let them pay small sums until it is there."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare whose trust, and how much of it."""
        parser.add_argument(
            "--buyer", default=demo_accounts.CITIZENS[0].phone, help="phone or number"
        )
        parser.add_argument("--earn", type=int, help="the figure to reach, such as 680")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one JSON object."""
        try:
            buyer = world.buyer(options["buyer"])
            if options["earn"] is None:
                figure = wallet.trust_of(buyer.id)
            else:
                figure = earn_trust(payer_id=buyer.id, points=options["earn"])
        except SaomaError as error:
            raise CommandError(str(error)) from error
        factors = {factor.name: [factor.count, factor.points] for factor in figure.factors}
        facts = {"points": figure.points, "may_waive": figure.may_waive, "factors": factors}
        self.stdout.write(json.dumps(facts))
