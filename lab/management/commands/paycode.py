"""`manage.py paycode`: a fresh payment code of a demo buyer, as a phone would show it.

Prints the twenty digits alone, so that `code=$(manage.py paycode)` works.
"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.kernel.errors import SaomaError
from lab import demo_accounts, world
from wallet import public as wallet


class Command(BaseCommand):
    """Prints a code that is good for a minute and one payment."""

    help = "Print a fresh payment code, good for a minute and one payment."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare whose code and in which form."""
        parser.add_argument(
            "--buyer", default=demo_accounts.CITIZENS[0].phone, help="phone or number"
        )
        parser.add_argument("--json", action="store_true", help="with buyer and expiry")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the code, or one JSON object."""
        try:
            buyer = world.buyer(options["buyer"])
            fresh = wallet.issue_fresh_code(user_id=buyer.id)
        except SaomaError as error:
            raise CommandError(str(error)) from error
        if not options["json"]:
            self.stdout.write(fresh.code)
            return
        facts = {
            "code": fresh.code,
            "buyer_id": buyer.user_number,
            "buyer_login": buyer.phone,
            "expires_at": fresh.expires_at.isoformat(),
        }
        self.stdout.write(json.dumps(facts))
