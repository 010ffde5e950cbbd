"""`manage.py verify_clearing`: prove over all units' databases that both halves meet."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from wallet.clearing.usecases.verify_clearing import verify_clearing


class Command(BaseCommand):
    """Prove clearing between units; exit 1 if anything is broken."""

    help = "Prove that each transfer between units is once in both books, or returned."

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify_clearing()
        self.stdout.write(json.dumps(verdict.as_json()))
        if not verdict.passed:
            raise SystemExit(1)
