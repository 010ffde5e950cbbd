"""Evidence as operators read it: what it says, of what day, from whom."""

import uuid
from collections.abc import Iterable, Mapping

from django.utils.timezone import localtime

from config.kernel.approvals import Link
from config.kernel.words import name_codes
from healthcode.evidence.models import Evidence
from healthcode.evidence.values import EvidenceKind

PAGE = "health_evidence.Evidence"
# What a kind is called in English, where its code with blanks would not say it.
KIND_NAMES: Mapping[EvidenceKind, str] = {
    EvidenceKind.DAILY_CHECKIN: "daily check-in",
    EvidenceKind.NAAT: "NAAT",
    EvidenceKind.AREA_STAY: "stay in an area at risk",
    EvidenceKind.VENUE_OVERLAP: "at the same venue",
    EvidenceKind.QUARANTINE_START: "start of quarantine",
    EvidenceKind.QUARANTINE_END: "end of quarantine",
    EvidenceKind.CASE_OPEN: "open case",
    EvidenceKind.CASE_CLOSE: "closed case",
}


def kind_name(kind: EvidenceKind) -> str:
    """What a kind of evidence is called in English."""
    return KIND_NAMES.get(kind, kind.value.replace("_", " "))


for _kind in EvidenceKind:
    # Tables show a choice by its name in capitals, texts name it by its value.
    name_codes({_kind.value: kind_name(_kind), _kind.name: kind_name(_kind).upper()})


def evidence_link(evidence: Evidence) -> Link:
    """One piece of evidence with a link to its page."""
    observed_at = localtime(evidence.observed_at)
    text = f"{evidence.kind} of {observed_at:%Y-%m-%d %H:%M}, from {evidence.source}"
    return Link(text, PAGE, str(evidence.id))


def evidence_links(evidence_ids: Iterable[uuid.UUID]) -> list[Link]:
    """The pieces there are among some ids, the oldest first."""
    rows = Evidence.objects.filter(id__in=list(evidence_ids)).order_by("observed_at", "id")
    return [evidence_link(row) for row in rows]
