"""How long passes live. Pure."""

from datetime import date, datetime, timedelta
from typing import ClassVar

from config.kernel.errors import Refused
from healthcode.passes.values import PaperGround, PassKind
from healthcode.subjects.rules import ZONE, comes_of_age

# A code without a device key is worth as much as a screenshot: so it lives a minute.
CODE_LIFE = timedelta(seconds=60)
# A pass bound to a device lives up to a day; renewal is spread so that phones do not all
# come back at the same hour.
PASS_LIFE = timedelta(hours=24)
JITTER = timedelta(hours=2)
PAPER_LIFE = timedelta(days=180)
REFRESH_BEFORE_END = timedelta(seconds=15)


def expires_at(
    *, kind: PassKind, bound: bool, now: datetime, valid_until: datetime | None, spread: float
) -> datetime:
    """When a pass ends: by its kind, and never after the decision it states.

    Args:
        kind: what carries it.
        bound: whether a device key is in it.
        now: the present moment.
        valid_until: end of the decision.
        spread: 0 to 1, how much of the jitter is taken off a bound pass.
    """
    if kind is PassKind.PAPER:
        life = PAPER_LIFE
    elif bound:
        life = PASS_LIFE - JITTER * spread
    else:
        life = CODE_LIFE
    end = now + life
    return end if valid_until is None else min(end, valid_until)


ELDERLY_AT = 60


class PaperRefused(Refused):
    """The date of birth is missing or speaks against the ground."""

    code: ClassVar[str] = "paper_refused"
    message: ClassVar[str] = "The date of birth does not go with the ground for a code on paper."


def ground_ends_at(ground: PaperGround, born: date | None) -> datetime | None:
    """When the ground for a code on paper is over: a child comes of age; the others stay."""
    return comes_of_age(born) if ground is PaperGround.CHILD and born else None


def check_ground(ground: PaperGround, born: date | None, *, at: datetime) -> None:
    """Check that somebody is as young or as old as they would have to be.

    Raises:
        PaperRefused: they are not, or nobody can tell.
    """
    if ground not in {PaperGround.CHILD, PaperGround.ELDERLY}:
        return
    if born is None:
        raise PaperRefused(field="birth_date")
    if ground is PaperGround.CHILD:
        fits = at < comes_of_age(born)
    else:
        today = at.astimezone(ZONE).date()
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        fits = age >= ELDERLY_AT
    if not fits:
        raise PaperRefused(field="ground")
