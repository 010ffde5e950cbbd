"""`manage.py verify_ledger`: prove the books and print the proof as JSON."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from wallet.ledger.usecases.verify_ledger import verify_ledger


class Command(BaseCommand):
    """Prove the books; exit 1 if anything is broken."""

    help = "Prove the ledger: journals balance, balances equal entries, client money is covered."

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify_ledger()
        self.stdout.write(json.dumps(verdict.as_json()))
        if not verdict.passed:
            raise SystemExit(1)
