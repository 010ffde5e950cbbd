"""What evidence is made of: kinds, sources, statuses, and one item as rules see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class EvidenceKind(StrEnum):
    """What a piece of evidence reports. Vaccination is shown and colours nothing."""

    DECLARATION = "declaration"
    DAILY_CHECKIN = "daily_checkin"
    TEMPERATURE = "temperature"
    NAAT = "naat"
    ANTIGEN = "antigen"
    VACCINATION = "vaccination"
    RECOVERY = "recovery"
    ENTRY = "entry"
    AREA_STAY = "area_stay"
    CONTACT = "contact"
    CONTACT_OF_CONTACT = "contact_of_contact"
    VENUE_OVERLAP = "venue_overlap"
    QUARANTINE_START = "quarantine_start"
    QUARANTINE_END = "quarantine_end"
    CASE_OPEN = "case_open"
    CASE_CLOSE = "case_close"
    EXTERNAL_CERTIFICATE = "external_certificate"
    RELOCATION = "relocation"


class Source(StrEnum):
    """Who reports it. Only what a registered body reports can be `verified`."""

    SELF = "self"
    LABORATORY = "laboratory"
    AUTHORITY = "authority"
    TRACING = "tracing"
    CERTIFICATE = "certificate"


class Status(StrEnum):
    """How far a piece of evidence is to be believed. Retracted evidence counts for nothing."""

    ASSERTED = "asserted"
    VERIFIED = "verified"
    DISPUTED = "disputed"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One piece of evidence that stands.

    Args:
        id: its identifier, quoted in the reasons of decisions.
        kind: what it reports.
        observed_at: when it was so (sampling time, end of a stay).
        recorded_at: when we learned of it.
        source: who reports it.
        payload: the kind's own facts, see `healthcode.evidence.rules`.
    """

    id: str
    kind: EvidenceKind
    observed_at: datetime
    recorded_at: datetime
    source: Source = Source.SELF
    payload: Mapping[str, Any] = field(default_factory=dict)


class RiskLevel(StrEnum):
    """How much at risk an area is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Ceiling(StrEnum):
    """The worst colour that something may ever bring, by the names of colours."""

    GREEN = "GREEN"
    YELLOW = "YELLOW"
    RED = "RED"


@dataclass(frozen=True, slots=True)
class KindRow:
    """All that is particular to one kind of evidence; whatever else differs is derived.

    Args:
        facts: the facts it feeds, each with the worst colour it may bring through it. A
            fact that only ever relieves or is only shown stands at GREEN.
        senders: who may report it.
        retention_days: after how many days it is deleted. What is like a location goes
            after 14, tests and declarations after 28 (health.md 2.3).
        resets: facts after which clean days are counted anew.
        relieves: whether it may lead back from what was reported before it.
        finding: the details that belong to it where an authority finds it of one person at
            a time, in the panel under four eyes; None where none does.
        fr: what it is called in French; so `zh`, and `en` where its code with blanks would
            not say it.
    """

    facts: Mapping[str, Ceiling]
    senders: frozenset[Source]
    retention_days: int = 28
    resets: frozenset[str] = frozenset()
    relieves: bool = False
    finding: tuple[str, ...] | None = None
    fr: str = field(kw_only=True)
    zh: str = field(kw_only=True)
    en: str = field(default="", kw_only=True)

    @property
    def ceiling(self) -> Ceiling:
        """The worst colour it may bring from a sender whose word is final."""
        return max(self.facts.values(), key=list(Ceiling).index, default=Ceiling.GREEN)


_SELF, _TRACED = frozenset({Source.SELF}), frozenset({Source.TRACING})
_AUTHORITY = frozenset({Source.AUTHORITY})
_TESTERS = frozenset(Source) - _TRACED
_ANSWERS = {"declared": Ceiling.YELLOW, "symptom": Ceiling.YELLOW}
_TEST = {
    "positive": Ceiling.RED,
    "preliminary": Ceiling.YELLOW,
    "negative": Ceiling.GREEN,
}
_TEST_RESETS = frozenset({"positive", "preliminary"})
_UNWELL = frozenset({"symptom"})
_CASE = ("case",)

KINDS: Mapping[EvidenceKind, KindRow] = {
    EvidenceKind.DECLARATION: KindRow(_ANSWERS, _SELF, resets=_UNWELL, fr="déclaration", zh="申报"),
    EvidenceKind.DAILY_CHECKIN: KindRow(
        _ANSWERS,
        _SELF,
        resets=_UNWELL,
        relieves=True,
        en="daily check-in",
        fr="déclaration du jour",
        zh="每日打卡",
    ),
    EvidenceKind.TEMPERATURE: KindRow(
        {"symptom": Ceiling.YELLOW}, _SELF, resets=_UNWELL, fr="température", zh="体温"
    ),
    EvidenceKind.NAAT: KindRow(
        {**_TEST, "naat": Ceiling.GREEN},
        _TESTERS,
        resets=_TEST_RESETS,
        relieves=True,
        en="NAAT",
        fr="test PCR",
        zh="核酸检测",
    ),
    EvidenceKind.ANTIGEN: KindRow(
        _TEST, _TESTERS, resets=_TEST_RESETS, relieves=True, fr="test antigénique", zh="抗原检测"
    ),
    EvidenceKind.VACCINATION: KindRow(
        {"vaccination": Ceiling.GREEN},
        frozenset({Source.AUTHORITY, Source.CERTIFICATE}),
        finding=("product", "dose", "of"),
        fr="vaccin",
        zh="疫苗接种",
    ),
    EvidenceKind.RECOVERY: KindRow(
        {}, frozenset({Source.CERTIFICATE}), relieves=True, fr="guérison", zh="康复"
    ),
    EvidenceKind.ENTRY: KindRow(
        {"entry": Ceiling.RED},
        _AUTHORITY,
        resets=frozenset({"entry"}),
        finding=("region",),
        fr="entrée",
        zh="入境",
    ),
    EvidenceKind.AREA_STAY: KindRow(
        {"area": Ceiling.RED, "area_high": Ceiling.RED},
        _SELF | _AUTHORITY,
        retention_days=14,
        resets=frozenset({"area", "area_high"}),
        en="stay in an area at risk",
        fr="séjour en zone à risque",
        zh="风险区停留",
    ),
    EvidenceKind.CONTACT: KindRow(
        {"contact": Ceiling.RED},
        _SELF | _AUTHORITY | _TRACED,
        resets=frozenset({"contact"}),
        fr="cas contact",
        zh="密接",
    ),
    EvidenceKind.CONTACT_OF_CONTACT: KindRow(
        {"contact2": Ceiling.RED},
        _AUTHORITY | _TRACED,
        resets=frozenset({"contact2"}),
        fr="contact d’un contact",
        zh="次密接",
    ),
    # A scan of a venue's code can be made from anywhere with a photograph of it, and a
    # match of places says little: neither is ever the ground of a red code.
    EvidenceKind.VENUE_OVERLAP: KindRow(
        {"overlap": Ceiling.YELLOW},
        _TRACED,
        retention_days=14,
        resets=frozenset({"overlap"}),
        en="at the same venue",
        fr="présence au même lieu",
        zh="同场所停留",
    ),
    EvidenceKind.QUARANTINE_START: KindRow(
        {"quarantine": Ceiling.RED},
        _AUTHORITY,
        finding=_CASE,
        en="start of quarantine",
        fr="début de quarantaine",
        zh="隔离开始",
    ),
    EvidenceKind.QUARANTINE_END: KindRow(
        {"quarantine": Ceiling.GREEN},
        _AUTHORITY,
        relieves=True,
        finding=_CASE,
        en="end of quarantine",
        fr="fin de quarantaine",
        zh="隔离结束",
    ),
    EvidenceKind.CASE_OPEN: KindRow(
        {"case": Ceiling.RED},
        _AUTHORITY,
        resets=frozenset({"case"}),
        finding=_CASE,
        en="open case",
        fr="cas ouvert",
        zh="病例立案",
    ),
    EvidenceKind.CASE_CLOSE: KindRow(
        {"case": Ceiling.GREEN},
        _AUTHORITY,
        relieves=True,
        finding=_CASE,
        en="closed case",
        fr="cas clos",
        zh="病例结案",
    ),
    EvidenceKind.EXTERNAL_CERTIFICATE: KindRow(
        {}, frozenset({Source.CERTIFICATE}), fr="certificat externe", zh="外部证书"
    ),
    # Feeds no fact: it says whose rules count, see `healthcode.decisions.residence`.
    EvidenceKind.RELOCATION: KindRow({}, _SELF, fr="déménagement", zh="迁居"),
}

RETENTION_DAYS: Mapping[EvidenceKind, int] = {
    kind: row.retention_days for kind, row in KINDS.items()
}
# What an authority finds of one person at a time, with the details of each.
FINDINGS: Mapping[EvidenceKind, tuple[str, ...]] = {
    kind: row.finding for kind, row in KINDS.items() if row.finding is not None
}
RELIEVING = frozenset(kind for kind, row in KINDS.items() if row.relieves)
# Which kinds feed each fact.
FEEDERS: Mapping[str, frozenset[EvidenceKind]] = {
    name: frozenset(kind for kind, row in KINDS.items() if name in row.facts)
    for name in sorted({name for row in KINDS.values() for name in row.facts})
}
TESTS = FEEDERS["positive"]
# Facts after which clean days are counted anew, and the worst colour each fact may bring.
RESETTING = tuple(sorted({name for row in KINDS.values() for name in row.resets}))
CEILINGS: Mapping[str, Ceiling] = {
    name: max((KINDS[kind].facts[name] for kind in kinds), key=list(Ceiling).index)
    for name, kinds in FEEDERS.items()
}
