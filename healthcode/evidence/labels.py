"""Evidence as operators read it: what it says, of what day, from whom."""

import uuid
from collections.abc import Iterable

from django.utils.timezone import localtime

from config.kernel.approvals import Link
from config.kernel.words import name_codes
from healthcode.evidence.models import Evidence
from healthcode.evidence.values import KINDS, EvidenceKind

PAGE = "health_evidence.Evidence"


def kind_name(kind: EvidenceKind) -> str:
    """What a kind of evidence is called in English."""
    return KINDS[kind].en or kind.value.replace("_", " ")


def _name_kind(kind: EvidenceKind, name: str, language: str) -> None:
    # Tables show a choice by its name in capitals, texts name it by its value.
    name_codes({kind.value: name, kind.name: name.upper()}, language)


for _kind, _row in KINDS.items():
    _name_kind(_kind, kind_name(_kind), "en")
    _name_kind(_kind, _row.fr, "fr")
    _name_kind(_kind, _row.zh, "zh")


def evidence_link(evidence: Evidence) -> Link:
    """One piece of evidence with a link to its page."""
    observed_at = localtime(evidence.observed_at)
    text = f"{evidence.kind} of {observed_at:%Y-%m-%d %H:%M}, from {evidence.source}"
    return Link(text, PAGE, str(evidence.id))


def evidence_links(evidence_ids: Iterable[uuid.UUID]) -> list[Link]:
    """The pieces there are among some ids, the oldest first."""
    rows = Evidence.objects.filter(id__in=list(evidence_ids)).order_by("observed_at", "id")
    return [evidence_link(row) for row in rows]
