"""Evidence as operators read it: what it says, of what day, from whom."""

import uuid
from collections.abc import Iterable

from django.utils.timezone import localtime

from config.kernel.approvals import Link
from healthcode.evidence.models import Evidence

PAGE = "health_evidence.Evidence"


def evidence_link(evidence: Evidence) -> Link:
    """One piece of evidence with a link to its page."""
    observed_at = localtime(evidence.observed_at)
    text = f"{evidence.kind} of {observed_at:%Y-%m-%d %H:%M}, from {evidence.source}"
    return Link(text, PAGE, str(evidence.id))


def evidence_links(evidence_ids: Iterable[uuid.UUID]) -> list[Link]:
    """The pieces there are among some ids, the oldest first."""
    rows = Evidence.objects.filter(id__in=list(evidence_ids)).order_by("observed_at", "id")
    return [evidence_link(row) for row in rows]
