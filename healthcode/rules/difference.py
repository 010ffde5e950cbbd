"""What a rule set changes of another, rule by rule. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from healthcode.rules.values import Rule, RuleSet

_PARTS = ("colour", "logic", "until", "ageing", "evidence", "reason", "path")
_SPOKEN = frozenset({"reason", "path"})
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One rule that differs.

    Args:
        rule: its id.
        kind: "added", "removed" or "changed".
        parts: of a changed one, what it was and what it is, by part.
    """

    rule: str
    kind: str
    parts: Mapping[str, tuple[str, str]]


def differences(before: RuleSet, after: RuleSet) -> list[RuleChange]:
    """What differs, in the order of the later set; what it lacks comes last."""
    former_rules = {rule.id: rule for rule in before.rules}
    later_ids = {rule.id for rule in after.rules}
    changes = [
        RuleChange(rule.id, "changed" if rule.id in former_rules else "added", parts)
        for rule in after.rules
        if (parts := _parts(former_rules.get(rule.id), rule)) or rule.id not in former_rules
    ]
    removed = (rule_id for rule_id in former_rules if rule_id not in later_ids)
    return [*changes, *(RuleChange(rule_id, "removed", {}) for rule_id in removed)]


def _parts(former: Rule | None, rule: Rule) -> dict[str, tuple[str, str]]:
    if former is None:
        return {}
    was, now = _named_parts(former), _named_parts(rule)
    return {
        name: (_text(was.get(name, "")), _text(now.get(name, "")))
        for name in {**now, **was}
        if was.get(name) != now.get(name)
    }


def _named_parts(rule: Rule) -> dict[str, Any]:
    """A rule's parts by their names, its texts one by one for each language."""
    parts: dict[str, Any] = {}
    for name in _PARTS:
        value = getattr(rule, name)
        if name in _SPOKEN:
            parts |= {f"{name} ({language})": text for language, text in value.items()}
        else:
            parts[name] = value
    return parts


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def in_words(changes: list[RuleChange]) -> dict[str, str]:
    """Each change as one line, for a page."""
    return {
        change.rule: change.kind
        if not change.parts
        else "; ".join(f"{name}: {was} → {now}" for name, (was, now) in change.parts.items())
        for change in changes
    }
