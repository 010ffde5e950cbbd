"""The rule sets that ship with the product, as data; and reading any other.

A rule set is JSON: diffable, reviewable by two people, portable. Reading one checks that
it is sound: every expression is CertLogic, looks only at known facts, says why in three
languages, and carries tests of its own for both answers.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from config.kernel.errors import InvalidRequest, NotFound
from healthcode.evidence.values import CEILINGS, KINDS, Ceiling
from healthcode.rules.ceilings import broken_ceilings
from healthcode.rules.certlogic.evaluator import evaluate
from healthcode.rules.certlogic.validator import data_accesses, problems
from healthcode.rules.certlogic.values import CertLogicError, truth
from healthcode.rules.facts import EMPTY, completed
from healthcode.rules.values import LANGUAGES, Colour, Rule, RuleSet
from healthcode.subjects.rules import ZONE

_FOLDER = Path(__file__).parent / "sets"
# Facts that are reckoned: no piece of evidence can be quoted for them.
_NO_EVIDENCE = frozenset(set(EMPTY) - set(CEILINGS))
_NEVER_RED = frozenset(name for name, worst in CEILINGS.items() if worst is Ceiling.YELLOW)


class RuleSetUnsound(InvalidRequest):
    """A rule set cannot be used as it is."""

    code: ClassVar[str] = "rule_set_unsound"
    message: ClassVar[str] = "The rule set is not sound."


class RuleSetUnknown(NotFound):
    """There is no such rule set."""

    code: ClassVar[str] = "rule_set_unknown"
    message: ClassVar[str] = "There is no rule set of that version."


def versions() -> list[str]:
    """Versions of the shipped rule sets."""
    return sorted(path.stem for path in _FOLDER.glob("*.json"))


@cache
def shipped(version: str) -> RuleSet:
    """A shipped rule set.

    Raises:
        RuleSetUnknown: there is none of that version.
    """
    return read(content(version))


def content(version: str) -> dict[str, Any]:
    """A shipped rule set as JSON.

    Raises:
        RuleSetUnknown: there is none of that version.
    """
    if version not in versions():
        raise RuleSetUnknown(version=version, field="rule_set")
    document: dict[str, Any] = json.loads((_FOLDER / f"{version}.json").read_text(encoding="utf-8"))
    return document


def read(content: Mapping[str, Any]) -> RuleSet:
    """Read a rule set from JSON.

    Raises:
        RuleSetUnsound: with every finding.
    """
    try:
        rules = tuple(_rule(entry) for entry in content["rules"])
        rule_set = RuleSet(
            version=str(content["version"]),
            title=dict(content["title"]),
            region=str(content["region"]),
            rules=rules,
            content_hash=content_hash(content),
            zone=_zone(content.get("zone")),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RuleSetUnsound(findings=[f"the form is wrong: {error!r}"]) from error
    findings = [*unsound(rule_set), *failing_tests(rule_set)]
    if findings:
        raise RuleSetUnsound(findings=findings)
    return rule_set


def _zone(name: object) -> ZoneInfo:
    """The region's zone by its name; China's regions share one and need not say so."""
    try:
        return ZONE if name is None else ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(f"no such zone: {name}") from error


def overlooked(rule_set: RuleSet) -> list[str]:
    """Kinds of evidence that feed facts of which no rule of the set looks at any, by name.

    Such a piece changes no colour, whatever its ceiling. One that sets the count of clean
    days back is not overlooked by a set that looks at that count.
    """
    parts = [part for rule in rule_set.rules for part in (rule.logic, *rule.until, *rule.ageing)]
    paths = {path for part in parts for path in data_accesses(part)}
    read = {path.partition(".")[0] for path in paths}
    return sorted(
        kind.value
        for kind, row in KINDS.items()
        if row.facts and read.isdisjoint({*row.facts, "clean"} if row.resets else row.facts)
    )


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content's canonical JSON, in hex."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _rule(entry: Mapping[str, Any]) -> Rule:
    colour = entry["colour"]
    return Rule(
        id=str(entry["id"]),
        version=int(entry["version"]),
        colour=None if colour is None else Colour(colour),
        logic=entry["logic"],
        until=tuple(entry.get("until", ())),
        ageing=tuple(entry.get("ageing", ())),
        evidence=tuple(str(name) for name in entry["evidence"]),
        reason=dict(entry["reason"]),
        path=dict(entry["path"]),
        tests=tuple(dict(test) for test in entry["tests"]),
    )


def unsound(rule_set: RuleSet) -> list[str]:
    """Everything that is wrong with a rule set's form; empty if it is sound."""
    ids = [rule.id for rule in rule_set.rules]
    findings = [f"{name}: two rules have this id" for name in set(ids) if ids.count(name) > 1]
    if not rule_set.rules:
        findings.append("there is no rule")
    for rule in rule_set.rules:
        findings += [f"{rule.id}: {finding}" for finding in _findings(rule)]
    return findings


def _findings(rule: Rule) -> list[str]:
    expressions = [rule.logic, *rule.until, *rule.ageing]
    findings = [problem.message for part in expressions for problem in problems(part)]
    looked_at = {path.split(".")[0] for part in expressions for path in data_accesses(part)}
    findings += [
        f"unknown fact {name}" for name in sorted({*looked_at, *rule.evidence} - set(EMPTY))
    ]
    findings += [f"{name} is no evidence" for name in rule.evidence if name in _NO_EVIDENCE]
    if rule.colour is Colour.RED and looked_at & _NEVER_RED:
        findings.append(f"red must not rest on {', '.join(sorted(looked_at & _NEVER_RED))}")
    for name, texts in (("reason", rule.reason), ("path", rule.path)):
        findings += [
            f"no {name} in {language}" for language in LANGUAGES if not texts.get(language)
        ]
    if {bool(test.get("applies")) for test in rule.tests} != {True, False}:
        findings.append("there must be a test that applies and one that does not")
    return findings


def failing_tests(rule_set: RuleSet) -> list[str]:
    """The rules' own tests that do not hold, and ceilings that the set breaks; each named.

    A test runs the whole rule: whether it applies, and the moments at which it may end or
    begin, so that a date that cannot be reckoned shows before anybody is judged by it.
    """
    failing = [
        f"{rule.id}: {test.get('name')}"
        for rule in rule_set.rules
        for test in rule.tests
        if _applies(rule, test) is not bool(test.get("applies"))
    ]
    return [*failing, *broken_ceilings(rule_set)]


def _applies(rule: Rule, test: Mapping[str, Any]) -> bool | None:
    facts = completed(test.get("facts", {}))
    try:
        for moment in (*rule.until, *rule.ageing):
            evaluate(moment, facts)
        return truth(evaluate(rule.logic, facts))
    except CertLogicError:
        return None
