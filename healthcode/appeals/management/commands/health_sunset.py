"""`manage.py health_sunset`: end the health programme for good."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from healthcode.appeals.usecases.end_programme import end_programme

WORDS = "delete all health data"


class Command(BaseCommand):
    """Delete everything, check it, print the signed destruction report."""

    help = f'Ends the programme. Asks for --confirm "{WORDS}".'

    def add_arguments(self, parser: CommandParser) -> None:
        """Who does it, why, and the words that say it is meant."""
        parser.add_argument("--actor", required=True)
        parser.add_argument("--purpose", required=True)
        parser.add_argument("--confirm", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, or say what is missing."""
        if options["confirm"] != WORDS:
            raise CommandError(f'Nothing was deleted. To go on: --confirm "{WORDS}"')
        report = end_programme(actor=options["actor"], purpose=options["purpose"])
        self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))
