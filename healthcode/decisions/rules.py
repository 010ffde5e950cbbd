"""Rules around a decision: overrides, the next look, the chain. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from config.kernel.errors import Refused
from healthcode.decisions.values import MAX_BATCH, ListKind, OverrideReason
from healthcode.evidence.values import Source
from healthcode.rules.facts import ZONE, Facts, local_day
from healthcode.rules.values import Colour, Reason

MAX_OVERRIDE_H = 72
MAX_LIST_DAYS = 14
MAX_LISTED = 500
# One operator who asks for this many within a day is looked at by others; one who has had
# MAX_OVERRIDES_A_DAY gets no more. Reds from one source are looked at likewise.
OVERRIDES_A_DAY = 20
MAX_OVERRIDES_A_DAY = 50
CLEAN_DAYS_NEEDED = {Colour.YELLOW: 7, Colour.RED: 14}


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


def check_grounds(colour: str, sources: Iterable[str]) -> None:
    """Stop a red by hand that rests on nothing but what the person said or scanned.

    Raises:
        OverrideRefused: no registered body stands behind it.
    """
    if colour == Colour.RED and set(sources) <= {Source.SELF}:
        raise OverrideRefused(field="evidence")


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


def reason_members(reason: Reason) -> dict[str, Any]:
    """A reason in JSON's terms."""
    return {
        "rule": reason.rule,
        "version": reason.rule_version,
        "colour": reason.colour.value if reason.colour else None,
        "evidence": list(reason.evidence),
        "until": reason.until.isoformat() if reason.until else None,
    }


def checkin_due(facts: Facts, colour: Colour, at: datetime) -> datetime | None:
    """When a missed daily check-in would show: the midnight after the day it was due.

    None where no check-ins are called for, or none has been made yet.
    """
    if colour not in CLEAN_DAYS_NEEDED or not facts["clean"]["running"]:
        return None
    day = local_day(datetime.fromisoformat(facts["declared"]["at"])) + timedelta(days=2)
    return datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(at.tzinfo)


def earliest(*moments: datetime | None) -> datetime | None:
    """The first of some moments that may not be."""
    return min((moment for moment in moments if moment is not None), default=None)


def digest(members: Mapping[str, Any]) -> str:
    """SHA-256 over a decision's facts and the hash before it."""
    text = json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
