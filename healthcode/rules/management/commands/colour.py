"""`manage.py colour`: evidence, a clock and a rule set to a decision, JSON lines in and out."""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.management.base import BaseCommand

from config.kernel import clock
from config.kernel.errors import InvalidRequest, SaomaError
from healthcode.evidence.values import EvidenceItem, EvidenceKind, Source
from healthcode.rules import library
from healthcode.rules.assess import colour
from healthcode.rules.jsonlines import answer_lines
from healthcode.rules.values import Reason, RuleSet


class EvidenceMalformed(InvalidRequest):
    """A piece of evidence, a moment or a rule set cannot be read."""

    code: ClassVar[str] = "evidence_malformed"
    message: ClassVar[str] = "The evidence cannot be read."


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """`{"evidence": [...], "at"?, "rule_set"?}` → the decision.

    Each piece: `{"kind", "observed_at", "recorded_at"?, "source"?, "payload"?, "id"?}`;
    `rule_set` is a shipped version or a whole set.
    """
    try:
        at = moment(request["at"]) if "at" in request else clock.now()
        rule_set = _rule_set(request.get("rule_set", settings.SAOMA_HEALTH_RULE_SET))
        items = [item(piece, number) for number, piece in enumerate(request.get("evidence", []))]
        assessment = colour(items, rule_set, at=at)
    except SaomaError as error:
        return {"error": error.code, "detail": str(error)}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return {"error": EvidenceMalformed.code, "detail": repr(error)}
    return {
        "colour": assessment.colour.value,
        "label": assessment.colour.name.capitalize(),
        "valid_until": assessment.valid_until.isoformat() if assessment.valid_until else None,
        "rule_set": assessment.rule_set,
        "indeterminate": assessment.indeterminate,
        "failed": list(assessment.failed),
        "reasons": [_reason(reason) for reason in assessment.reasons],
        "advisories": [_reason(reason) for reason in assessment.advisories],
    }


def moment(text: str) -> datetime:
    """An ISO 8601 moment; without an offset it is UTC."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def item(piece: Mapping[str, Any], number: int) -> EvidenceItem:
    """A piece of evidence from JSON."""
    observed_at = moment(piece["observed_at"])
    kind = EvidenceKind(piece["kind"])
    usual = Source.LABORATORY if kind is EvidenceKind.NAAT else Source.SELF
    return EvidenceItem(
        id=str(piece.get("id", f"e{number + 1}")),
        kind=kind,
        observed_at=observed_at,
        recorded_at=moment(piece["recorded_at"]) if "recorded_at" in piece else observed_at,
        source=Source(piece.get("source", usual.value)),
        payload=dict(piece.get("payload", {})),
    )


def _rule_set(spec: Any) -> RuleSet:
    return library.read(spec) if isinstance(spec, dict) else library.shipped(str(spec))


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "rule": reason.rule,
        "version": reason.rule_version,
        "colour": reason.colour.value if reason.colour else None,
        "evidence": list(reason.evidence),
        "until": reason.until.isoformat() if reason.until else None,
    }


class Command(BaseCommand):
    """Judge one person's evidence a line."""

    help = 'Reads {"evidence", "at", "rule_set"} a line, writes the decision.'

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer until the input ends."""
        answer_lines(sys.stdin, sys.stdout, answer)
