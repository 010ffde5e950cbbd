"""Run a draft of rules in the shadow of those in force: what would change, and for how many."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from config.kernel import clock, transactions
from healthcode.evidence.models import Evidence
from healthcode.evidence.queries import as_item
from healthcode.evidence.values import EvidenceItem, Status
from healthcode.rules import publication
from healthcode.rules.assess import colour
from healthcode.rules.models import RuleSetVersion
from healthcode.rules.values import Assessment, RuleSet
from healthcode.subjects.models import Subject
from healthcode.subjects.values import SubjectState

# A sample is enough to see what rules do, and keeps the run within a task's time.
SAMPLE, CHUNK = 5000, 500


def shadow_run(*, draft_id: uuid.UUID) -> dict[str, Any]:
    """Judge a sample of people by a draft and by the rules in force; keep the comparison.

    The report holds counts, never a person: how many would change from which colour to
    which, which rules of the draft would bring red, and which fail.

    Raises:
        publication.DraftUnknown: there is no such draft.
    """
    draft = publication.draft_of(draft_id)
    rule_set = publication.of_version(draft.version)
    if rule_set is None:
        raise publication.DraftUnknown(field="draft")
    at = clock.now()
    report = compared(rule_set, at=at)
    _keep(draft, report)
    return report


@transactions.atomic_retry
def _keep(draft: RuleSetVersion, report: dict[str, Any]) -> None:
    RuleSetVersion.objects.filter(id=draft.id, valid_from__isnull=True).update(shadow=report)


def compared(rule_set: RuleSet, *, at: datetime) -> dict[str, Any]:
    """The comparison of a rule set with those in force, on the latest subjects of its region.

    Where nobody lives there yet, on the latest of all: a run over nobody shows nothing.
    """
    area = rule_set.region.rstrip("0") if rule_set.region != publication.EVERYWHERE else ""
    rows = Subject.objects.filter(state=SubjectState.ACTIVE, region__startswith=area)
    people = list(rows.order_by("-id").values_list("id", "region")[:SAMPLE])
    if not people:
        everybody = Subject.objects.filter(state=SubjectState.ACTIVE).order_by("-id")
        people = list(everybody.values_list("id", "region")[:SAMPLE])
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    changes: Counter[str] = Counter()
    reds: Counter[str] = Counter()
    failing: set[str] = set()
    for candidate, present in _judged(people, rule_set, at):
        before[present.colour.value] += 1
        after[candidate.colour.value] += 1
        failing.update(candidate.failed)
        if candidate.colour is not present.colour:
            changes[f"{present.colour.value} to {candidate.colour.value}"] += 1
        reds.update(reason.rule for reason in candidate.reasons if reason.colour == "RED")
    return {
        "at": at.isoformat(),
        "people": len(people),
        "before": dict(sorted(before.items())),
        "after": dict(sorted(after.items())),
        "changes": dict(changes.most_common()),
        "reds_by_rule": dict(reds.most_common()),
        "failing": sorted(failing),
    }


def _judged(
    people: list[tuple[uuid.UUID, str]], rule_set: RuleSet, at: datetime
) -> Iterable[tuple[Assessment, Assessment]]:
    in_force: dict[str, RuleSet] = {}
    for start in range(0, len(people), CHUNK):
        chunk = people[start : start + CHUNK]
        items = _items([subject for subject, _ in chunk], at)
        for subject, region in chunk:
            if region not in in_force:
                in_force[region] = publication.in_force(at=at, region=region)
            evidence = items[subject]
            yield colour(evidence, rule_set, at=at), colour(evidence, in_force[region], at=at)


def _items(subjects: list[uuid.UUID], at: datetime) -> dict[uuid.UUID, list[EvidenceItem]]:
    rows = Evidence.objects.filter(
        subject_id__in=subjects, recorded_at__lte=at, evidence__isnull=True
    ).exclude(status=Status.RETRACTED)
    items: dict[uuid.UUID, list[EvidenceItem]] = defaultdict(list)
    for row in rows:
        items[row.subject_id].append(as_item(row))
    return items
