"""`manage.py replay_health`: decisions of the past made again from evidence, clock and rules."""

import json
import uuid
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from healthcode.decisions import queries
from healthcode.decisions.models import Decision
from healthcode.decisions.outcome import reason_members


class Command(BaseCommand):
    """Replay one person's past moment, or every decision that is kept."""

    help = "With --subject and --at one moment; without, every decision: same, other, unknown."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom and when."""
        parser.add_argument("--subject", type=uuid.UUID)
        parser.add_argument("--at", type=datetime.fromisoformat)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print JSON; fail if a decision comes out otherwise than it was made."""
        if options["subject"] and options["at"]:
            self._one(options["subject"], options["at"])
            return
        counts = {"same": 0, "other": 0, "unknown": 0}
        others = []
        rows = Decision.objects.order_by("id")
        if options["subject"]:
            rows = rows.filter(subject_id=options["subject"])
        for decision in rows.iterator(chunk_size=1000):
            same = queries.replay_decision(decision)
            counts["unknown" if same is None else "same" if same else "other"] += 1
            others += [str(decision.id)] if same is False else []
        self.stdout.write(json.dumps({**counts, "others": others}))
        if others:
            raise CommandError(f"{len(others)} decisions come out otherwise")

    def _one(self, subject_id: uuid.UUID, at: datetime) -> None:
        moment = at if at.tzinfo else at.replace(tzinfo=UTC)
        assessment = queries.replay(subject_id, at=moment)
        self.stdout.write(
            json.dumps(
                {
                    "colour": assessment.colour.value,
                    "reasons": [reason_members(reason) for reason in assessment.reasons],
                    "valid_until": assessment.valid_until.isoformat()
                    if assessment.valid_until
                    else None,
                    "rule_set": assessment.rule_set,
                    "failed": list(assessment.failed),
                }
            )
        )
