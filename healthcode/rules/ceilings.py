"""Ceilings proved by behaviour: what may never turn a code red does not, whoever they are.

A set is tried on people of every kind, those who have recovered included: one more piece
of evidence of a kind that may never redden must not turn any of them red. Pure.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from healthcode.evidence.values import (
    KINDS,
    TESTS,
    Ceiling,
    EvidenceItem,
    EvidenceKind,
    Source,
)
from healthcode.rules.assess import colour
from healthcode.rules.values import Colour, RuleSet

_K = EvidenceKind
_START = datetime(2022, 6, 1, 4, 0, tzinfo=UTC)
_NEGATIVE: dict[str, Any] = {"result": "negative"}
# Longer than any shipped rule asks for.
_WELL_DAYS = 30
_GRAVE: tuple[tuple[str, EvidenceKind, dict[str, Any]], ...] = (
    ("a positive test", _K.NAAT, {"result": "positive"}),
    ("a contact", _K.CONTACT, {}),
    ("a contact of a contact", _K.CONTACT_OF_CONTACT, {}),
    ("a stay at high risk", _K.AREA_STAY, {"level": "high"}),
    ("an entry", _K.ENTRY, {}),
    ("a case", _K.CASE_OPEN, {}),
)
_UNWELL: dict[str, Any] = {"symptoms": ["fever"], "temperature_tenths": 390}
_POSITIVE: dict[str, Any] = {"result": "positive"}


def harmless() -> list[tuple[EvidenceKind, Source, dict[str, Any]]]:
    """Every kind of evidence that may never redden, at its worst, from whoever sends it."""
    pieces: list[tuple[EvidenceKind, Source, dict[str, Any]]] = []
    for kind, row in KINDS.items():
        for source in sorted(row.senders):
            if kind in TESTS:
                final = source is not Source.SELF
                extra = {"status": "preliminary"} if final else {}
                pieces.append((kind, source, {**_POSITIVE, **extra}))
            elif row.ceiling is not Ceiling.RED:
                pieces.append((kind, source, dict(_UNWELL)))
    return pieces


def broken_ceilings(rule_set: RuleSet) -> list[str]:
    """Which harmless evidence turns whom red by a set; empty if none does."""
    findings = []
    for name, story, at in people():
        if colour(story, rule_set, at=at).colour is Colour.RED:
            continue
        for kind, source, payload in harmless():
            for days in (0, 15):
                moment = at - timedelta(days=days)
                more = EvidenceItem("more", kind, moment, moment, source, payload)
                if colour([*story, more], rule_set, at=at).colour is Colour.RED:
                    findings.append(f"{kind} from {source} turns somebody red after {name}")
    return list(dict.fromkeys(findings))


def people() -> Iterable[tuple[str, list[EvidenceItem], datetime]]:
    """Somebody who has only declared; and for each grave event somebody long over it."""
    declared = _item("declared", _K.DECLARATION, 0, Source.SELF, {})
    yield "a declaration", [declared], _START + timedelta(days=1)
    for name, kind, payload in _GRAVE:
        story = [declared, _item("event", kind, 1, Source.AUTHORITY, payload)]
        story += [
            _item(f"well{day}", _K.DAILY_CHECKIN, day, Source.SELF, {})
            for day in range(2, 2 + _WELL_DAYS)
        ]
        story.append(_item("closed", _K.CASE_CLOSE, 10, Source.AUTHORITY, {}))
        story += [
            _item(f"test{day}", _K.NAAT, day, Source.LABORATORY, _NEGATIVE)
            for day in (11, 20, _WELL_DAYS)
        ]
        yield name, story, _START + timedelta(days=2 + _WELL_DAYS)


def _item(
    name: str, kind: EvidenceKind, day: int, source: Source, payload: dict[str, Any]
) -> EvidenceItem:
    moment = _START + timedelta(days=day)
    return EvidenceItem(name, kind, moment, moment, source, payload)
