"""Counts that give nobody away: noise, thresholds, the budget. Pure.

A person is in at most one cell an hour and at most HOURS_A_DAY hours a day. The noise of a
cell is a two-sided geometric variable with ratio exp(-epsilon): one person more or less
changes no answer's odds by more than a factor of exp(epsilon). A cell is shown only where
at least K people were there in fact, and where the noisy count is so far above K that the
first condition decides nothing but once in 1/DELTA cells: so the threshold itself gives
nobody away either. Why: healthcode/decisions/0005-footfall-is-sealed-once.md.
"""

import hashlib
import hmac
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from config.kernel.errors import InvalidRequest, NotFound

HOUR = timedelta(hours=1)
SEALED_AFTER = timedelta(minutes=15)
PUBLISHED_AFTER = timedelta(hours=1)
K = 10
EPSILON_MILLI = 500
# Each hour of a day can be published once, and nothing a second time.
DAY_BUDGET_MILLI = 24 * EPSILON_MILLI
HOURS_A_DAY = 8
DELTA = 1e-3
AREA = re.compile(r"[1-9][0-9]{5}", re.ASCII)


class FootfallQuestionInvalid(InvalidRequest):
    """Only whole hours and whole areas can be asked for, one at a time."""

    code: ClassVar[str] = "footfall_question_invalid"
    message: ClassVar[str] = "Ask for one area of six digits and one whole hour, nothing else."


class FootfallNotPublished(NotFound):
    """The hour is not over, or not published yet."""

    code: ClassVar[str] = "footfall_not_published"
    message: ClassVar[str] = "This hour is published an hour after its end."


def margin(epsilon_milli: int = EPSILON_MILLI) -> int:
    """How far above K a noisy count must be: noise reaches that far with odds of DELTA."""
    return math.ceil(math.log(1 / DELTA) / (epsilon_milli / 1000))


def noise(secret: bytes, cell: str, *, epsilon_milli: int = EPSILON_MILLI) -> int:
    """The noise of one cell: two-sided geometric, drawn from a keyed hash of the cell's name.

    The same cell has the same noise however often it is drawn, so that asking again, or
    counting again, averages nothing out.
    """
    digest = hmac.new(secret, cell.encode(), hashlib.sha256).digest()
    first, second = (_geometric(digest[at : at + 8], epsilon_milli) for at in (0, 8))
    return first - second


def _geometric(random: bytes, epsilon_milli: int) -> int:
    """Tries before a success whose odds are 1 - exp(-epsilon)."""
    uniform = (int.from_bytes(random, "big") + 1) / (2**64 + 1)
    return math.floor(math.log(uniform) / -(epsilon_milli / 1000))


def released(count: int, drawn: int) -> int | None:
    """What is published of a cell; None: suppressed."""
    noisy = count + drawn
    return noisy if count >= K and noisy >= K + margin() else None


def cells(visits: Iterable[tuple[object, str]], hours_before: Mapping[object, int]) -> Counter[str]:
    """People an area, each counted in the first area they came to and no more often than
    HOURS_A_DAY allows.

    Args:
        visits: (person, area) of one hour, in order of time.
        hours_before: in how many earlier hours of the day each person has been counted.
    """
    counted: set[object] = set()
    people: Counter[str] = Counter()
    for person, area in visits:
        if person in counted:
            continue
        counted.add(person)
        if hours_before.get(person, 0) < HOURS_A_DAY:
            people[area] += 1
    return people


def hour_of(moment: datetime) -> datetime:
    """The whole hour a moment lies in."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def check_question(names: Mapping[str, list[str]]) -> tuple[str, datetime]:
    """Read a question: exactly `area` and `hour`, each once, nothing that could narrow it.

    Raises:
        FootfallQuestionInvalid: naming the parameter.
    """
    for name in sorted(names.keys() | {"area", "hour"}):
        if name not in {"area", "hour"} or len(names.get(name, [])) != 1:
            raise FootfallQuestionInvalid(field=name)
    area, text = names["area"][0], names["hour"][0]
    if not AREA.fullmatch(area):
        raise FootfallQuestionInvalid(field="area")
    try:
        moment = datetime.fromisoformat(text)
        hour = hour_of(moment)
    except (ValueError, OverflowError) as error:
        raise FootfallQuestionInvalid(field="hour") from error
    if moment.tzinfo is None or moment != hour:
        raise FootfallQuestionInvalid(field="hour")
    return area, hour
