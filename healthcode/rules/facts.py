"""Facts: evidence projected to the little that rules look at. Pure.

Rules stay small because the projection answers the hard questions once: which is the
latest sample, when did the last exposure end, how many days in a row were clean since.
Every fact carries the id of its evidence, so that a reason can name its grounds.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from healthcode.evidence.values import (
    CEILINGS,
    FEEDERS,
    KINDS,
    RESETTING,
    TESTS,
    Ceiling,
    EvidenceItem,
    EvidenceKind,
    Source,
)
from healthcode.subjects.rules import ZONE, local_day

FEVER_TENTHS = 373
Facts = dict[str, Any]
# A clean check-in: when it was made, and on which of the region's days.
CleanDay = tuple[datetime, date]

# Names of all facts, and what each holds when there is no such evidence.
EMPTY: Mapping[str, Any] = {
    "clock": "1970-01-01T00:00:00Z",
    **{name: {} for name in CEILINGS},
    "clean": {"days": 0, "running": 0},
}
# What may turn a code red sets the whole count of clean days back; what may not, its own.
_GRAVE = tuple(name for name in RESETTING if CEILINGS[name] is Ceiling.RED)
_K = EvidenceKind
_LEVELS = ("medium", "high")
# Facts that begin with one piece of evidence and end with another.
SPANS = ("case", "quarantine")


def project(items: Iterable[EvidenceItem], *, at: datetime, zone: ZoneInfo = ZONE) -> Facts:
    """Project the evidence that stood at one moment.

    Each fact after which clean days are counted carries its own count, `clean`: an event
    that may not turn a code red never takes from the days that lead back from one that may.

    Args:
        items: a subject's evidence in any order; what was recorded or observed after `at`
            is ignored, so that any past day can be replayed.
        at: the moment to judge.
        zone: the region's, in which days are counted.
    """
    evidence = sorted(
        (item for item in items if item.recorded_at <= at and item.observed_at <= at),
        key=lambda item: (item.observed_at, item.recorded_at, item.id),
    )
    facts: Facts = {**EMPTY, "clock": text(at)}
    # What a kind's row says it feeds; below are the facts that take more than the latest piece.
    facts |= {name: _fact(_feeding(evidence, name)) for name in FEEDERS}
    facts["symptom"] = _fact([item for item in evidence if is_unwell(item)])
    facts |= _tests(evidence)
    facts |= {name: _span(_feeding(evidence, name)) for name in SPANS}
    clean = [
        (item.observed_at, local_day(item.observed_at, zone))
        for item in evidence
        if item.kind is _K.DAILY_CHECKIN and not is_unwell(item)
    ]
    facts |= _area(evidence, clean)
    for name in RESETTING:
        if facts[name]:
            facts[name]["clean"] = _longest_run(clean, datetime.fromisoformat(facts[name]["at"]))
    facts["clean"] = _clean(clean, facts, local_day(at, zone))
    return facts


def completed(facts: Mapping[str, Any]) -> Facts:
    """Facts written by hand, as in a rule's own test, with what was left out of them."""
    complete: Facts = {**EMPTY, **facts}
    for name in RESETTING:
        if isinstance(complete[name], Mapping) and complete[name]:
            complete[name] = {"clean": 0, **complete[name]}
    return complete


def text(moment: datetime) -> str:
    """A moment as rules read it, to the microsecond so that boundaries are exact."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _fact(items: Sequence[EvidenceItem], **extra: Any) -> Facts:
    if not items:
        return {}
    return {"id": items[-1].id, "at": text(items[-1].observed_at), **extra}


def _feeding(items: Iterable[EvidenceItem], name: str) -> list[EvidenceItem]:
    """The items of those kinds that feed a fact."""
    return [item for item in items if item.kind in FEEDERS[name]]


def is_unwell(item: EvidenceItem) -> bool:
    """Whether somebody reports a fever or a symptom."""
    if item.kind not in FEEDERS["symptom"]:
        return False
    tenths = item.payload.get("temperature_tenths")
    fever = isinstance(tenths, int) and tenths >= FEVER_TENTHS
    return fever or bool(item.payload.get("symptoms"))


def _area(items: Sequence[EvidenceItem], clean: Sequence[CleanDay]) -> Facts:
    """Stays in areas at risk: the latest, and the latest at high risk.

    `area` says when the latest stay ended and the worst level among those that 14 clean
    days have not made up for; it names the stay that had that level.
    """
    stays = [item for item in _feeding(items, "area") if item.payload.get("level") in _LEVELS]
    if not stays:
        return {"area": {}, "area_high": {}}
    high = [item for item in stays if item.payload["level"] == "high"]
    running = [item for item in high if _longest_run(clean, item.observed_at) < LONG_RUN]
    worst = (running or stays)[-1]
    level = worst.payload["level"]
    area = {"id": worst.id, "at": text(stays[-1].observed_at), "level": level}
    return {"area": area, "area_high": _fact(high)}


ONE_MINUTE = timedelta(minutes=1)
# Days of clean check-ins after which no stay counts as running, whatever the rules.
LONG_RUN = 14


def _tests(items: Sequence[EvidenceItem]) -> Facts:
    """The latest sample, the latest negative one, and positives: final and preliminary.

    Preliminary is what no laboratory stands for: an AI reading, a self-made antigen test.
    A negative counts only from a laboratory or a verified certificate, and only where it
    can speak against the positive before it, see `_clearing`.
    """
    tests = [item for item in items if item.kind in TESTS]
    final = [item for item in tests if is_final(item)]
    positives = [item for item in tests if item.payload.get("result") == "positive"]
    return {
        "naat": _sample(_feeding(final, "naat")),
        "negative": _sample(_clearing(final)),
        "positive": _sample([item for item in positives if is_final(item)]),
        "preliminary": _reading([item for item in positives if not is_final(item)], final),
    }


def _reading(readings: Sequence[EvidenceItem], final: Sequence[EvidenceItem]) -> Facts:
    """The latest first reading that nothing speaks against, or else the latest (`cleared`).

    As among final results an antigen test does not clear what a NAAT has read. A reading has
    nobody who stands for it, so that a final result of the same minute does speak against it.
    """
    if not readings:
        return {}
    negatives = [item for item in final if item.payload.get("result") == "negative"]
    standing = [item for item in readings if not any(_refutes(test, item) for test in negatives)]
    return {**_sample(standing or readings), "cleared": not standing}


def _refutes(test: EvidenceItem, reading: EvidenceItem) -> bool:
    """Whether a negative test is of a kind and time to speak against a first reading."""
    finds_as_much = test.kind in FEEDERS["naat"] or reading.kind not in FEEDERS["naat"]
    return finds_as_much and test.observed_at >= reading.observed_at


def _sample(items: Sequence[EvidenceItem]) -> Facts:
    """The latest sample with its kind and who stands for it."""
    if not items:
        return {}
    return _fact(items, kind=items[-1].kind.value, source=items[-1].source.value)


def _clearing(final: Sequence[EvidenceItem]) -> list[EvidenceItem]:
    """Negative tests that outweigh every positive one up to them, in order.

    A sample taken within a minute of a positive one clears nothing: the worse counts. An
    antigen test finds less than a NAAT, so it does not clear what a NAAT has found.
    """
    positives = [item for item in final if item.payload.get("result") == "positive"]
    negatives: list[EvidenceItem] = []
    found_by_naat = False
    for item in final:
        if item in positives:
            found_by_naat |= item.kind in FEEDERS["naat"]
        elif item.payload.get("result") == "negative" and not _beside(item, positives):
            found_by_naat &= item.kind not in FEEDERS["naat"]
            if not found_by_naat:
                negatives.append(item)
    return negatives


def _beside(item: EvidenceItem, others: Iterable[EvidenceItem]) -> bool:
    """Whether a sample was taken less than a minute before or after another."""
    return any(abs(item.observed_at - other.observed_at) < ONE_MINUTE for other in others)


def is_final(item: EvidenceItem) -> bool:
    """Whether a registered body stands for a test's result."""
    stands = item.source in (Source.LABORATORY, Source.AUTHORITY, Source.CERTIFICATE)
    return stands and item.payload.get("status", "final") == "final"


def _span(items: Sequence[EvidenceItem]) -> Facts:
    """The latest span that is open, or else the latest that closed: what relieves, closes.

    Spans with a number (`case` in the payload) are closed by theirs alone: one case that
    ended says nothing of another. One without is closed by an end without, or by an end
    whose own number was never opened.
    """
    running, ended = _running(items)
    if running:
        return _fact(running, state="open")
    return _fact(ended, state="closed")


def _running(items: Iterable[EvidenceItem]) -> tuple[list[EvidenceItem], list[EvidenceItem]]:
    """What began and has not ended, and all ends, each in order of time."""
    running: list[EvidenceItem] = []
    ended: list[EvidenceItem] = []
    for item in sorted(items, key=_age):
        if not KINDS[item.kind].relieves:
            running.append(item)
            continue
        ended.append(item)
        number, open_numbers = _number(item), {_number(begun) for begun in running}
        closed = {number if number in open_numbers else ""} if number else open_numbers
        running = [begun for begun in running if _number(begun) not in closed]
    return running, ended


def _number(item: EvidenceItem) -> str:
    return str(item.payload.get("case", ""))


def has_ended(item: EvidenceItem, items: Iterable[EvidenceItem]) -> bool:
    """Whether what an item begins, a case or a quarantine, has been ended by another one."""
    spans = [name for name in SPANS if item.kind in FEEDERS[name]]
    others = [other for other in items if other.id != item.id]
    return any(item not in _running([item, *_feeding(others, name)])[0] for name in spans)


def _age(item: EvidenceItem) -> tuple[datetime, datetime, str]:
    return item.observed_at, item.recorded_at, item.id


def _clean(clean: Sequence[CleanDay], facts: Facts, today: date) -> Facts:
    """Days in a row with a clean check-in.

    `days` is the longest such run since the last event that may turn a code red: once
    complete it stays complete. `running` is the run since the last event of any kind that
    reaches today or yesterday: a missed day sets it back to nothing.
    """
    grave = [facts[name]["at"] for name in _GRAVE if facts[name]]
    any_kind = [facts[name]["at"] for name in RESETTING if facts[name]]
    since = datetime.fromisoformat(max(grave)) if grave else None
    lately = datetime.fromisoformat(max(any_kind)) if any_kind else None
    runs = _runs(clean, lately)
    reaches = bool(runs) and today - runs[-1][1] <= timedelta(days=1)
    return {"days": _longest_run(clean, since), "running": runs[-1][0] if reaches else 0}


def _longest_run(clean: Sequence[CleanDay], since: datetime | None) -> int:
    return max((length for length, _ in _runs(clean, since)), default=0)


def _runs(clean: Sequence[CleanDay], since: datetime | None) -> list[tuple[int, date]]:
    """Runs of days with a clean check-in after a moment: how long, and the last day."""
    days = sorted({day for moment, day in clean if since is None or moment > since})
    runs: list[tuple[int, date]] = []
    for day in days:
        if runs and day - runs[-1][1] == timedelta(days=1):
            runs[-1] = (runs[-1][0] + 1, day)
        else:
            runs.append((1, day))
    return runs
