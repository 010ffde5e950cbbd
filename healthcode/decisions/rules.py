"""Rules around a decision: overrides, the next look, the chain. Pure."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from config.kernel.errors import Refused
from healthcode.decisions.values import OverrideReason
from healthcode.rules.facts import ZONE, Facts, local_day
from healthcode.rules.values import Colour, Reason

MAX_OVERRIDE_H = 72
CLEAN_DAYS_NEEDED = {Colour.YELLOW: 7, Colour.RED: 14}


class OverrideRefused(Refused):
    """A colour may not be set like this."""

    code: ClassVar[str] = "override_refused"
    message: ClassVar[str] = (
        "A colour can only be set for one of the listed reasons, with evidence, a legal "
        "basis and an end within 72 hours."
    )


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
