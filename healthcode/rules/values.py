"""Colours, rules, rule sets and what follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from healthcode.subjects.rules import ZONE

LANGUAGES = ("en", "fr", "zh")
Text = Mapping[str, str]


class Colour(StrEnum):
    """A hint about risk, never a diagnosis. UNKNOWN is grey and never shown as green."""

    UNKNOWN = "UNKNOWN"
    GREEN = "GREEN"
    YELLOW = "YELLOW"
    RED = "RED"

    @property
    def severity(self) -> int:
        """0 to 3: the most severe colour among the rules that apply is the colour."""
        return _SEVERITY[self]


_SEVERITY = {Colour.UNKNOWN: 0, Colour.GREEN: 1, Colour.YELLOW: 2, Colour.RED: 3}


@dataclass(frozen=True, slots=True)
class ColourBadge:
    """How a colour is shown to all eyes: hue, word, and a shape of its own."""

    hue: str
    shape: str
    symbol: str
    label: Text


BADGES: Mapping[Colour, ColourBadge] = {
    Colour.UNKNOWN: ColourBadge(
        "#6b7280", "square", "?", {"en": "Unknown", "fr": "Inconnu", "zh": "未知"}
    ),
    Colour.GREEN: ColourBadge(
        "#15803d", "circle", "✓", {"en": "Green", "fr": "Vert", "zh": "绿码"}
    ),
    Colour.YELLOW: ColourBadge(
        "#b45309", "triangle", "!", {"en": "Yellow", "fr": "Jaune", "zh": "黄码"}
    ),
    Colour.RED: ColourBadge("#b91c1c", "octagon", "✕", {"en": "Red", "fr": "Rouge", "zh": "红码"}),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: when it applies, what colour it gives, why, and how long.

    Args:
        id: stable name, unique in its set.
        version: of this rule.
        colour: what it gives; None for an advisory, which changes no colour.
        logic: CertLogic; truthy = applies.
        until: CertLogic date expressions: when an applying rule may end.
        ageing: CertLogic date expressions: when a rule that does not apply may begin to.
        evidence: facts whose evidence ids are the rule's grounds.
        reason: why, in each language.
        path: the way back to green, in each language.
        tests: facts and whether the rule applies to them.
    """

    id: str
    version: int
    colour: Colour | None
    logic: Any
    until: tuple[Any, ...]
    ageing: tuple[Any, ...]
    evidence: tuple[str, ...]
    reason: Text
    path: Text
    tests: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A version of the rules of a region; never edited once it has been in force.

    `zone` is the region's, in which its days are counted.
    """

    version: str
    title: Text
    region: str
    rules: tuple[Rule, ...]
    content_hash: str
    zone: ZoneInfo = ZONE


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that applies, and the evidence it rests on."""

    rule: str
    rule_version: int
    colour: Colour | None
    evidence: tuple[str, ...]
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Assessment:
    """The colour at one moment, why, and until when it needs no second look.

    `valid_until` is exclusive; None where only new evidence can change the colour.
    `failed` names rules that could not be evaluated whole. Of those, `undecided` may have
    given a colour and did not: the colour here is then only what the others say.
    """

    colour: Colour
    reasons: tuple[Reason, ...]
    advisories: tuple[Reason, ...]
    valid_until: datetime | None
    rule_set: str
    failed: tuple[str, ...] = field(default=())
    undecided: tuple[str, ...] = field(default=())

    @property
    def indeterminate(self) -> bool:
        """Whether a rule failed, so that someone is told."""
        return bool(self.failed)
