"""`manage.py paycode`: a fresh payment code of a demo buyer, as a phone would show it."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.kernel.errors import SaomaError
from lab import cast
from wallet import public as wallet


class Command(BaseCommand):
    """Prints a code that is good for a minute and one payment."""

    help = "Print a fresh payment code: {code, buyer_id, expires_at}."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare whose code."""
        parser.add_argument("--buyer", default=cast.CITIZENS[0].phone, help="phone or number")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one JSON object."""
        try:
            buyer = wallet.user_by_login(options["buyer"])
            fresh = wallet.issue_fresh_code(user_id=buyer.id)
        except SaomaError as error:
            raise CommandError(str(error)) from error
        facts = {
            "code": fresh.code,
            "buyer_id": buyer.user_id,
            "buyer_login": buyer.phone,
            "expires_at": fresh.expires_at.isoformat(),
        }
        self.stdout.write(json.dumps(facts))
