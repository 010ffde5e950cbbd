"""Colours by hand."""

import uuid
from typing import Any

from healthcode.decisions.models import Decision
from healthcode.decisions.usecases.set_override import set_override
from healthcode.decisions.values import OverrideReason
from healthcode.evidence.models import Evidence
from healthcode.evidence.values import EvidenceKind, Source
from healthcode.rules.values import Colour
from tests.factories.health import Person, settle

NAAT = EvidenceKind.NAAT


def grounds(person: Person) -> Evidence:
    """A stay that the authority reports; a colour by hand needs more than their own word."""
    row = person.evidence(EvidenceKind.AREA_STAY, Source.AUTHORITY, level="medium")
    settle()
    return row


def override(person: Person, **changes: Any) -> Decision:
    evidence = grounds(person)
    facts: dict[str, Any] = {
        "colour": Colour.RED,
        "reason": OverrideReason.OUTBREAK_ORDER,
        "legal_basis": "Order 12 of the county",
        "hours": 72,
        "evidence": [evidence.id],
        "maker": "mia",
        "checker": "carl",
        "approval_id": uuid.uuid4(),
    }
    return set_override(subject_id=person.subject_id, **{**facts, **changes})
