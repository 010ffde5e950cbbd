"""`manage.py face_token`: what a certified terminal hands the till for a buyer's face.

Prints one JSON object: {"ftoken", "expires_in_s", "buyer_id", "terminal"}. The lab plays
the terminal: it enrols the buyer, registers and certifies a terminal in the shop's store,
begins a session and signs an assertion, all by the ordinary use cases.
"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.kernel.errors import SaomaError
from lab import demo_accounts, demo_keys, faces, world


class Command(BaseCommand):
    """Prints a fresh face token of one demo buyer at one demo merchant."""

    help = "Print a face token (fp…), good for a minute at one merchant."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare whose face, where, and how sure the terminal is."""
        parser.add_argument(
            "--shop",
            default=demo_accounts.SHOPS[0].slug,
            choices=[shop.slug for shop in demo_accounts.SHOPS],
        )
        parser.add_argument(
            "--buyer", default=demo_accounts.CITIZENS[0].phone, help="phone or number"
        )
        parser.add_argument("--liveness", type=int, default=99, help="the vendor's score, 0-100")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one JSON object."""
        world.prepare()
        try:
            key = demo_keys.load(options["shop"])
            buyer = world.buyer(options["buyer"])
            token = faces.look(
                app_number=key.app_number,
                user_id=buyer.id,
                pin=demo_accounts.PIN,
                liveness=options["liveness"],
            )
        except SaomaError as error:
            raise CommandError(str(error)) from error
        facts = {
            "ftoken": token,
            "expires_in_s": 60,
            "buyer_id": buyer.user_number,
            "terminal": faces.serial(key.app_number),
        }
        self.stdout.write(json.dumps(facts))
