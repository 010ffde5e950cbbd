"""Where somebody lives is evidence too: a move takes nobody out of the rules they lived under.

The rules of a region that was left count beside those of the new one for as long as the move
is kept, and the worst of what they say is the colour. So a colour cannot be chosen by choosing
a region, not by moving there and back either. Days are counted in each set's own zone.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from healthcode.evidence.models import Evidence
from healthcode.evidence.values import RETENTION_DAYS, EvidenceItem, EvidenceKind
from healthcode.rules import publication
from healthcode.rules.assess import assess
from healthcode.rules.facts import Facts, project
from healthcode.rules.values import Assessment, RuleSet
from healthcode.subjects.models import Subject

COUNTS = timedelta(days=RETENTION_DAYS[EvidenceKind.RELOCATION])


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules say of somebody, whose rules said it, and when to look again.

    Args:
        rule_set: the set whose colour is the worst; the present region's among equals.
        facts: what that set saw.
        assessment: what it said.
        look_again_at: the earliest moment at which any of the sets may say something else.
    """

    rule_set: RuleSet
    facts: Facts
    assessment: Assessment
    look_again_at: datetime | None


def residence_at(subject_id: uuid.UUID, *, at: datetime) -> str:
    """The region in which somebody lived at a moment, as far back as moves are kept."""
    later = Evidence.objects.filter(
        subject_id=subject_id, kind=EvidenceKind.RELOCATION, recorded_at__gt=at,
        retracts__isnull=True,
    )  # fmt: skip
    move = later.order_by("recorded_at", "id").first()
    if move is not None:
        return str(move.payload["from"])
    return str(Subject.objects.values_list("region", flat=True).get(id=subject_id))


def moves_among(items: Iterable[EvidenceItem], *, at: datetime) -> list[EvidenceItem]:
    """The moves that still count at a moment, the latest first."""
    moves = [
        item
        for item in items
        if item.kind is EvidenceKind.RELOCATION and item.observed_at > at - COUNTS
    ]
    return sorted(moves, key=lambda item: (item.observed_at, item.id), reverse=True)


def judge(items: Iterable[EvidenceItem], *, region: str, at: datetime) -> Judgement:
    """Judge evidence by the rules of every region that counts; the worst colour is the colour.

    Args:
        items: the evidence that stood at the moment.
        region: where the person lived then.
        at: the moment.
    """
    evidence = list(items)
    moves = moves_among(evidence, at=at)
    sets: dict[str, RuleSet] = {}
    for name in dict.fromkeys([region, *(str(move.payload["from"]) for move in moves)]):
        rule_set = publication.in_force(at=at, region=name)
        sets.setdefault(rule_set.content_hash, rule_set)
    judgements = [_judged(evidence, rule_set, at) for rule_set in sets.values()]
    worst = max(judgements, key=lambda one: one.assessment.colour.severity)
    assessments = [one.assessment for one in judgements]
    ends = [assessment.valid_until for assessment in assessments]
    ends += [move.observed_at + COUNTS for move in moves]
    return Judgement(
        worst.rule_set,
        worst.facts,
        replace(
            worst.assessment,
            failed=tuple(dict.fromkeys(name for one in assessments for name in one.failed)),
            undecided=tuple(dict.fromkeys(name for one in assessments for name in one.undecided)),
        ),
        min((end for end in ends if end is not None), default=None),
    )


def _judged(items: list[EvidenceItem], rule_set: RuleSet, at: datetime) -> Judgement:
    facts = project(items, at=at, zone=rule_set.zone)
    return Judgement(rule_set, facts, assess(facts, rule_set, at=at), None)
