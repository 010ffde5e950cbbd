"""From facts and a rule set to a colour. Pure: the same input gives the same decision.

The colour is the worst among the rules that apply; none applying is UNKNOWN. A rule that
fails, fails alone: the others have answered, and whoever uses the assessment takes the
worse of their colour and the one before.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from healthcode.evidence.values import EvidenceItem
from healthcode.rules.certlogic.evaluator import compiled
from healthcode.rules.certlogic.values import CertLogicError, Evaluator, Moment, truth
from healthcode.rules.facts import Facts, project
from healthcode.rules.values import Assessment, Colour, Reason, Rule, RuleSet

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def colour(items: Iterable[EvidenceItem], rule_set: RuleSet, *, at: datetime) -> Assessment:
    """Judge a subject's evidence at one moment."""
    return assess(project(items, at=at, zone=rule_set.zone), rule_set, at=at)


def assess(facts: Facts, rule_set: RuleSet, *, at: datetime) -> Assessment:
    """Judge facts at one moment.

    `valid_until` is the earliest later moment at which a rule may begin or end: until
    then, and without new evidence, the colour cannot change. A rule that says it applies
    does, even where it cannot say until when.
    """
    applying: list[Reason] = []
    failed: list[str] = []
    undecided: list[str] = []
    turns: list[datetime] = []
    for rule, parts in zip(rule_set.rules, _compiled(rule_set), strict=True):
        answer = _answer(parts, facts)
        moments: list[datetime] = []
        try:
            moments = _later(parts.until if answer else parts.ageing, facts, at)
        except CertLogicError:
            failed.append(rule.id)
        if answer is None:
            failed.append(rule.id)
            if rule.colour is not None:
                undecided.append(rule.id)
            continue
        turns += moments
        if answer:
            applying.append(_reason(rule, facts, max(moments, default=None)))
    reasons = tuple(reason for reason in applying if reason.colour is not None)
    colours = [reason.colour for reason in reasons if reason.colour is not None]
    worst = max(colours, key=lambda shade: shade.severity, default=Colour.UNKNOWN)
    return Assessment(
        colour=worst,
        reasons=tuple(sorted(reasons, key=_by_severity)),
        advisories=tuple(reason for reason in applying if reason.colour is None),
        valid_until=min(turns, default=None),
        rule_set=rule_set.version,
        failed=tuple(dict.fromkeys(failed)),
        undecided=tuple(undecided),
    )


def _answer(parts: "_Parts", facts: Facts) -> bool | None:
    """Whether a rule applies; None where it cannot say."""
    try:
        return truth(parts.logic(facts))
    except CertLogicError:
        return None


class _Parts:
    """A rule's expressions, compiled."""

    __slots__ = ("ageing", "logic", "until")

    def __init__(self, rule: Rule) -> None:
        self.logic = compiled(rule.logic)
        self.until = [compiled(moment) for moment in rule.until]
        self.ageing = [compiled(moment) for moment in rule.ageing]


_CACHE: dict[str, list[_Parts]] = {}


def _compiled(rule_set: RuleSet) -> list[_Parts]:
    """Compiled once for each content: a rule set never changes under its hash."""
    parts = _CACHE.get(rule_set.content_hash)
    if parts is None:
        parts = _CACHE[rule_set.content_hash] = [_Parts(rule) for rule in rule_set.rules]
    return parts


def _later(moments: list[Evaluator], facts: Facts, at: datetime) -> list[datetime]:
    """Those of a rule's turning points that are still to come; absent ones give nothing."""
    values: list[Any] = [moment(facts) for moment in moments]
    turning_points = [_moment(value.ms) for value in values if isinstance(value, Moment)]
    return [moment for moment in turning_points if moment > at]


@lru_cache(maxsize=4096)
def _moment(milliseconds: int) -> datetime:
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError as error:
        raise CertLogicError("a turning point is out of range") from error


def _reason(rule: Rule, facts: Facts, until: datetime | None) -> Reason:
    evidence_facts = (facts.get(name) for name in rule.evidence)
    grounds = tuple(
        fact["id"]
        for fact in evidence_facts
        if isinstance(fact, dict) and isinstance(fact.get("id"), str)
    )
    return Reason(rule.id, rule.version, rule.colour, grounds, until)


def _by_severity(reason: Reason) -> tuple[int, str]:
    return (-reason.colour.severity if reason.colour else 0, reason.rule)
