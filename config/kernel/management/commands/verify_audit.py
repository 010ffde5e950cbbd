"""`manage.py verify_audit`: prove the audit chain."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.kernel.audit import chain


class Command(BaseCommand):
    """Walks the chain and its signed roots; prints JSON, fails where it does not hold."""

    help = "Prove that no audit row was edited, removed or re-ordered."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print {"ok", "events", "roots", "anchors", "breaks"}; exit 1 on a break."""
        proof = chain.verify()
        report = {
            "ok": not proof.breaks,
            "events": proof.events,
            "roots": proof.roots,
            "anchors": proof.anchors,
            "breaks": proof.breaks,
        }
        self.stdout.write(json.dumps(report, ensure_ascii=False))
        if proof.breaks:
            raise CommandError("the audit chain does not hold")
