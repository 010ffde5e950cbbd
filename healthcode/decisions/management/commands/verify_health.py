"""`manage.py verify_health`: whether the chains of decisions hold."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from healthcode.decisions.queries import verify_chains


class Command(BaseCommand):
    """Walk every chain; exit 1 on a break."""

    help = "Proves that no decision was edited, removed or re-ordered; prints JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was read and what does not hold."""
        proof = verify_chains()
        found = {"decisions": proof.decisions, "breaks": proof.breaks, "ok": not proof.breaks}
        self.stdout.write(json.dumps(found))
        if proof.breaks:
            raise CommandError(f"{len(proof.breaks)} breaks")
