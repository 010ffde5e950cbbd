"""Facts: evidence projected to the little that rules look at. Pure.

Rules stay small because the projection answers the hard questions once: which is the
latest sample, when did the last exposure end, how many days in a row were clean since.
Every fact carries the id of its evidence, so that a reason can name its grounds.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from healthcode.evidence.values import EvidenceItem, EvidenceKind, Source

FEVER_TENTHS = 373
ZONE = ZoneInfo("Asia/Shanghai")
Facts = dict[str, Any]

# Names of all facts, and what each holds when there is no such evidence.
EMPTY: Mapping[str, Any] = {
    "clock": "1970-01-01T00:00:00Z",
    "declared": {},
    "symptom": {},
    "area": {},
    "contact": {},
    "contact2": {},
    "overlap": {},
    "entry": {},
    "naat": {},
    "negative": {},
    "positive": {},
    "preliminary": {},
    "case": {},
    "quarantine": {},
    "vaccination": {},
    "clean": {"days": 0, "running": 0},
}
_TRIGGERS = (
    "symptom", "area", "contact", "contact2", "overlap", "entry", "positive", "preliminary", "case",
)  # fmt: skip
_K = EvidenceKind
_TESTS = (_K.NAAT, _K.ANTIGEN)


def project(items: Iterable[EvidenceItem], *, at: datetime) -> Facts:
    """Project the evidence that stood at one moment.

    Args:
        items: a subject's evidence in any order; what was recorded or observed after `at`
            is ignored, so that any past day can be replayed.
        at: the moment to judge.
    """
    known = sorted(
        (item for item in items if item.recorded_at <= at and item.observed_at <= at),
        key=lambda item: (item.observed_at, item.recorded_at, item.id),
    )
    facts: Facts = {**EMPTY, "clock": text(at)}
    facts["declared"] = _latest(known, _K.DECLARATION, _K.DAILY_CHECKIN)
    facts["symptom"] = _fact([item for item in known if _is_unwell(item)])
    facts["area"] = _area(known)
    for name, kind in (
        ("contact", _K.CONTACT),
        ("contact2", _K.CONTACT_OF_CONTACT),
        ("overlap", _K.VENUE_OVERLAP),
        ("entry", _K.ENTRY),
        ("vaccination", _K.VACCINATION),
    ):
        facts[name] = _latest(known, kind)
    facts |= _tests(known)
    facts["case"] = _span(known, _K.CASE_OPEN, _K.CASE_CLOSE)
    facts["quarantine"] = _span(known, _K.QUARANTINE_START, _K.QUARANTINE_END)
    facts["clean"] = _clean(known, facts, at)
    return facts


def text(moment: datetime) -> str:
    """A moment as rules read it, to the microsecond so that boundaries are exact."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def local_day(moment: datetime) -> date:
    """The calendar day in the programme's zone."""
    return moment.astimezone(ZONE).date()


def _fact(items: Sequence[EvidenceItem], **extra: Any) -> Facts:
    if not items:
        return {}
    return {"id": items[-1].id, "at": text(items[-1].observed_at), **extra}


def _latest(known: Sequence[EvidenceItem], *kinds: EvidenceKind) -> Facts:
    return _fact([item for item in known if item.kind in kinds])


def _is_unwell(item: EvidenceItem) -> bool:
    if item.kind not in (_K.DECLARATION, _K.DAILY_CHECKIN, _K.TEMPERATURE):
        return False
    tenths = item.payload.get("temperature_tenths")
    fever = isinstance(tenths, int) and tenths >= FEVER_TENTHS
    return fever or bool(item.payload.get("symptoms"))


def _area(known: Sequence[EvidenceItem]) -> Facts:
    """The latest stay in an area at risk, and the level it had."""
    stays = [
        item
        for item in known
        if item.kind is _K.AREA_STAY and item.payload.get("level") in ("medium", "high")
    ]
    return _fact(stays, level=stays[-1].payload["level"]) if stays else {}


def _tests(known: Sequence[EvidenceItem]) -> Facts:
    """The latest sample, the latest negative one, and positives: final and preliminary.

    Preliminary is what no laboratory stands for: an AI reading, a self-made antigen test.
    A negative counts only from a laboratory or a verified certificate.
    """
    tests = [item for item in known if item.kind in _TESTS]
    final = [item for item in tests if _is_final(item)]
    positives = [item for item in tests if item.payload.get("result") == "positive"]
    return {
        "naat": _fact([item for item in final if item.kind is _K.NAAT]),
        "negative": _fact([item for item in final if item.payload.get("result") == "negative"]),
        "positive": _fact([item for item in positives if _is_final(item)]),
        "preliminary": _fact([item for item in positives if not _is_final(item)]),
    }


def _is_final(item: EvidenceItem) -> bool:
    stands = item.source in (Source.LABORATORY, Source.AUTHORITY, Source.CERTIFICATE)
    return stands and item.payload.get("status", "final") == "final"


def _span(known: Sequence[EvidenceItem], begins: EvidenceKind, ends: EvidenceKind) -> Facts:
    """The latest span that began: open, or closed at a moment."""
    found = [item for item in known if item.kind in (begins, ends)]
    if not found:
        return {}
    last = found[-1]
    return _fact(found, state="open" if last.kind is begins else "closed")


def _clean(known: Sequence[EvidenceItem], facts: Facts, at: datetime) -> Facts:
    """Days in a row with a clean check-in since the last event that calls for them.

    `days` is the longest such run: once complete it stays complete. `running` is the run
    that reaches today or yesterday: a missed day sets it back to nothing.
    """
    moments = [facts[name]["at"] for name in _TRIGGERS if facts[name]]
    since = datetime.fromisoformat(max(moments)) if moments else None
    days = sorted(
        {
            local_day(item.observed_at)
            for item in known
            if item.kind is _K.DAILY_CHECKIN
            and not _is_unwell(item)
            and (since is None or item.observed_at > since)
        }
    )
    longest = run = 0
    previous: date | None = None
    for day in days:
        run = run + 1 if previous is not None and day - previous == timedelta(days=1) else 1
        longest = max(longest, run)
        previous = day
    reaches = previous is not None and local_day(at) - previous <= timedelta(days=1)
    return {"days": longest, "running": run if reaches else 0}
