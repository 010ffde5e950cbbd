"""`manage.py verify_health`: whether colours and evidence are as they were written."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from healthcode.decisions.chain import verify_chains


class Command(BaseCommand):
    """Walk every chain, all evidence and the register; exit 1 on a break."""

    help = "Proves that no decision or evidence was edited, added, removed or turned back."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was read and what does not hold, as JSON."""
        proof = verify_chains()
        report = {
            "ok": not proof.breaks,
            "decisions": proof.decisions,
            "evidence": proof.evidence,
            "marks": proof.marks,
            "breaks": proof.breaks,
        }
        self.stdout.write(json.dumps(report))
        if proof.breaks:
            raise CommandError(f"{len(proof.breaks)} breaks")
