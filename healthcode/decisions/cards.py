"""A subject's card: how they stand and why, in words, for their own eyes."""

from datetime import datetime
from typing import Any

from config.kernel import clock
from healthcode.decisions import queries, rules
from healthcode.decisions.models import Decision, Notice
from healthcode.decisions.outcome import TEXTS
from healthcode.evidence.models import Evidence
from healthcode.evidence.values import RESETTING
from healthcode.rules import publication
from healthcode.rules.facts import Facts
from healthcode.rules.values import BADGES, Colour, Rule
from healthcode.subjects.models import Subject

NOTICES = 10


def colour_badge(colour: Colour) -> dict[str, Any]:
    """How a colour is shown: word, shape, symbol and hue."""
    badge = BADGES[colour]
    return {
        "colour": colour.value,
        "label": dict(badge.label),
        "shape": badge.shape,
        "symbol": badge.symbol,
        "hue": badge.hue,
    }


def empty_card() -> dict[str, Any]:
    """The card of somebody who has not declared anything."""
    return {
        **colour_badge(Colour.UNKNOWN),
        "subject_id": None,
        "decision_id": None,
        "computed_at": None,
        "valid_until": None,
        "rule_set": queries.rule_set_in_force().version,
        "tested_at": None,
        "now": clock.now(),
        "indeterminate": False,
        "reasons": [],
        "advisories": [],
        "check_ins": {"needed": 0, "days": 0, "running": 0},
        "override": None,
        "notices": [],
    }


def card_of(subject: Subject, decision: Decision, *, at: datetime) -> dict[str, Any]:
    """The card of a subject by a decision."""
    colour = Colour(decision.colour)
    facts = queries.facts_of(subject.id, at=at)
    negative = facts["negative"]
    override = decision.override
    return {
        **colour_badge(colour),
        "subject_id": str(subject.id),
        "decision_id": str(decision.id),
        "computed_at": decision.computed_at,
        "valid_until": decision.valid_until,
        "rule_set": decision.rule_set,
        "tested_at": negative.get("at"),
        "now": at,
        "indeterminate": decision.indeterminate,
        "reasons": reasons_in_words(decision.reasons, decision.rule_set),
        "advisories": reasons_in_words(decision.advisories, decision.rule_set),
        "check_ins": {
            "needed": rules.CLEAN_DAYS_NEEDED.get(colour, 0),
            "days": _clean_days(decision, facts),
            "running": facts["clean"]["running"],
        },
        "override": {"reason": override.reason, "ends_at": override.ends_at} if override else None,
        "notices": [
            {"kind": notice.kind, "at": notice.at, "facts": notice.facts}
            for notice in Notice.objects.filter(subject=subject).order_by("-id")[:NOTICES]
        ],
    }


def _clean_days(decision: Decision, facts: Facts) -> int:
    """Clean days since what the shown colour rests on; the fewest where that is several."""
    grounds = {
        name
        for reason in decision.reasons
        if reason["colour"] == decision.colour
        for name in reason["evidence"]
    }
    counts: list[int] = [
        fact["clean"] for name in RESETTING if (fact := facts[name]) and fact["id"] in grounds
    ]
    return min(counts, default=facts["clean"]["days"])


def reasons_in_words(reasons: list[dict[str, Any]], version: str) -> list[dict[str, Any]]:
    """Reasons with their texts and who reported it; a rule that is gone speaks by its name."""
    rule_set = publication.of_version(version)
    rules_by_id = {rule.id: rule for rule in (rule_set.rules if rule_set else ())}
    grounds = {str(name) for reason in reasons for name in reason.get("evidence", [])}
    rows = Evidence.objects.filter(id__in=grounds).values_list("id", "source", "payload")
    reports = {str(pk): (source, payload) for pk, source, payload in (rows if grounds else ())}
    return [
        {
            **reason,
            **_words(rules_by_id.get(reason["rule"]), reason),
            "sources": queries.source_names(
                reports[name] for name in map(str, reason.get("evidence", [])) if name in reports
            ),
        }
        for reason in reasons
    ]


def _words(rule: Rule | None, reason: dict[str, Any]) -> dict[str, Any]:
    house = TEXTS.get(str(reason["rule"]))
    if rule is None and house is not None:
        return {"text": dict(house[0]), "path": dict(house[1])}
    if rule is None:
        plain = dict.fromkeys(("en", "fr", "zh"), str(reason["rule"]))
        return {"text": plain, "path": plain}
    return {"text": dict(rule.reason), "path": dict(rule.path)}
