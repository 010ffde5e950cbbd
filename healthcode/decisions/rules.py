"""Rules around a decision: overrides, the next look, the chain. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from config.kernel.errors import Refused
from healthcode.decisions.values import MAX_BATCH, ListKind, OverrideReason
from healthcode.evidence.values import TESTS, EvidenceItem, EvidenceKind, Source
from healthcode.rules.facts import Facts, is_final
from healthcode.rules.values import Colour
from healthcode.subjects.rules import ZONE, local_day

MAX_OVERRIDE_H = 72
MAX_LIST_DAYS = 14
# So many people on one list, and on all lists of a day together, whoever asks for them.
MAX_LISTED = 200
MAX_LISTED_A_DAY = 200
# One operator who asks for this many within a day is looked at by others; one who has had
# MAX_OVERRIDES_A_DAY gets no more. Reds from one source are looked at likewise.
OVERRIDES_A_DAY = 20
MAX_OVERRIDES_A_DAY = 50
CLEAN_DAYS_NEEDED = {Colour.YELLOW: 7, Colour.RED: 14}


_K = EvidenceKind
_EXPOSED = frozenset(
    {_K.CONTACT, _K.CONTACT_OF_CONTACT, _K.AREA_STAY, _K.ENTRY, _K.QUARANTINE_START}
)
_CASE = TESTS | {_K.CASE_OPEN}
_ANY = frozenset(EvidenceKind)
# What evidence each reason needs for the colours that it may give.
SUPPORT: Mapping[OverrideReason, Mapping[Colour, frozenset[EvidenceKind]]] = {
    OverrideReason.LABORATORY_ERROR: {
        Colour.GREEN: TESTS,
        Colour.YELLOW: TESTS,
        Colour.RED: TESTS,
    },
    OverrideReason.IDENTITY_MIXED_UP: {Colour.GREEN: _ANY, Colour.YELLOW: _ANY},
    OverrideReason.CLINICIAN_CLEARED: {Colour.GREEN: _ANY, Colour.YELLOW: _ANY},
    OverrideReason.CONFIRMED_CASE_BY_PHONE: {Colour.YELLOW: _CASE, Colour.RED: _CASE},
    OverrideReason.OUTBREAK_ORDER: {
        Colour.YELLOW: _CASE | _EXPOSED | {_K.VENUE_OVERLAP},
        Colour.RED: _CASE | _EXPOSED,
    },
}


class OverrideRefused(Refused):
    """A colour may not be set like this."""

    code: ClassVar[str] = "override_refused"
    message: ClassVar[str] = (
        "A colour can only be set for one of the listed reasons, with evidence, a legal "
        "basis and an end within 72 hours."
    )


class TooManyAtOnce(Refused):
    """More people than anyone may name in one wish, or on one day."""

    code: ClassVar[str] = "too_many_people"
    message: ClassVar[str] = "Too many people for one request; nothing was changed."


class ListRefused(Refused):
    """A list of people may not be taken like this."""

    code: ClassVar[str] = "list_refused"
    message: ClassVar[str] = (
        "A list of people needs a listed kind, a case reference, a purpose and an end "
        "within 14 days."
    )


def check_batch(size: int) -> None:
    """Stop a wish for fewer than two or more than MAX_BATCH people.

    Raises:
        TooManyAtOnce: above it.
        OverrideRefused: one person is no batch.
    """
    if size > MAX_BATCH:
        raise TooManyAtOnce(field="subjects", limit=MAX_BATCH)
    if size < 2:
        raise OverrideRefused(field="subjects")


def check_grounds(reason: str, colour: str, grounds: Iterable[EvidenceItem]) -> None:
    """Stop a colour by hand whose evidence does not say what its reason says.

    Red takes something of the kind that the reason names, from somebody other than the
    person; a negative test is nothing of the kind, nor is a reading that no laboratory stands
    for yet: that is worth a yellow, by hand too. Reasons that speak for a person give no
    red at all. Away from red, no reason rests on the person's own word alone.

    Raises:
        OverrideRefused: the evidence does not support the reason, or the reason the colour.
    """
    if colour not in SUPPORT[OverrideReason(reason)]:
        raise OverrideRefused(field="colour", reason="reason_gives_no_such_colour")
    kinds = SUPPORT[OverrideReason(reason)][Colour(colour)]
    if not any(_supports(item, kinds, colour) for item in grounds):
        raise OverrideRefused(field="evidence", reason="evidence_does_not_support_the_reason")


def is_supported(reason: str, colour: str, grounds: Iterable[EvidenceItem]) -> bool:
    """Whether what is left of its grounds would still do for a colour by hand."""
    kinds = SUPPORT[OverrideReason(reason)].get(Colour(colour), frozenset())
    return any(_supports(item, kinds, colour) for item in grounds)


def _supports(item: EvidenceItem, kinds: frozenset[EvidenceKind], colour: str) -> bool:
    if item.kind not in kinds or item.source is Source.SELF:
        return False
    if colour == Colour.GREEN:
        return True
    if item.kind in TESTS:
        is_positive = item.payload.get("result") == "positive"
        return is_positive and (colour != Colour.RED or is_final(item))
    if item.kind is EvidenceKind.AREA_STAY:
        return item.payload.get("level") in {"medium", "high"}
    return True


def check_list(
    *, kind: str, case_reference: str, purpose: str, days: object, people: int
) -> ListKind:
    """Stop a list that lacks what a list needs; returns its kind.

    Raises:
        ListRefused: naming the field that is wrong.
        TooManyAtOnce: more than MAX_LISTED people.
    """
    if kind not in set(ListKind):
        raise ListRefused(field="kind")
    if not 3 <= len(case_reference.strip()) <= 64:
        raise ListRefused(field="case_reference")
    if not 10 <= len(purpose.strip()) <= 256:
        raise ListRefused(field="purpose")
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= MAX_LIST_DAYS:
        raise ListRefused(field="days")
    if people < 1:
        raise ListRefused(field="subjects")
    if people > MAX_LISTED:
        raise TooManyAtOnce(field="subjects", limit=MAX_LISTED)
    return ListKind(kind)


def check_listed_day(*, people: int, listed: int) -> None:
    """Stop a list that would bring the day's lists above MAX_LISTED_A_DAY people in all.

    Raises:
        TooManyAtOnce: it would.
    """
    if people + listed > MAX_LISTED_A_DAY:
        raise TooManyAtOnce(field="subjects", limit=MAX_LISTED_A_DAY)


def check_override(*, colour: str, reason: str, hours: object, legal_basis: str) -> None:
    """Stop an override that is not one of the few that there may be.

    Raises:
        OverrideRefused: naming the field that is wrong.
    """
    if colour not in {Colour.GREEN, Colour.YELLOW, Colour.RED}:
        raise OverrideRefused(field="colour")
    if reason not in set(OverrideReason):
        raise OverrideRefused(field="reason_code")
    if isinstance(hours, bool) or not isinstance(hours, int) or not 1 <= hours <= MAX_OVERRIDE_H:
        raise OverrideRefused(field="hours")
    if len(legal_basis.strip()) < 10:
        raise OverrideRefused(field="legal_basis")


def checkin_due(
    facts: Facts, colour: Colour, at: datetime, *, zone: ZoneInfo = ZONE
) -> datetime | None:
    """When a missed daily check-in would show: the midnight after the day it was due.

    None where no check-ins are called for, or none has been made yet.
    """
    if colour not in CLEAN_DAYS_NEEDED or not facts["clean"]["running"]:
        return None
    day = local_day(datetime.fromisoformat(facts["declared"]["at"]), zone) + timedelta(days=2)
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(at.tzinfo)


def earliest(*moments: datetime | None) -> datetime | None:
    """The first of some moments that may not be."""
    return min((moment for moment in moments if moment is not None), default=None)


def digest(members: Mapping[str, Any]) -> str:
    """SHA-256 over a decision's facts and the hash before it."""
    text = json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
