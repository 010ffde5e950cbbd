"""What may be traced, and who was where with whom. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from config.kernel.errors import Refused
from healthcode.subjects.rules import ZONE
from healthcode.tracing.values import Sighting, Stay, TracePurpose, Wish
from healthcode.verification.rules import STAYS_AT_MOST, stay_end

# Check-ins are kept as long; nothing further back could be found.
LONGEST_WINDOW = timedelta(days=14)
LONGEST_STAY = STAYS_AT_MOST
# Where nobody saw a person leave a place that never closes, they are taken to have stayed so long.
ASSUMED_STAY = timedelta(hours=1)
SHORTEST_OVERLAP_MIN, LONGEST_OVERLAP_MIN = 5, 240
MAX_PEOPLE = 200
# After so long the case names nobody any more.
CASE_KEPT = timedelta(days=14)
RECORD_KEPT = timedelta(days=180)


class TraceRefused(Refused):
    """Tracing takes a case, a purpose, evidence, a window, and three different people."""

    code: ClassVar[str] = "trace_refused"
    message: ClassVar[str] = "This cannot be traced: see `field`."


class TraceTooWide(Refused):
    """More people than one case may name."""

    code: ClassVar[str] = "trace_too_wide"
    message: ClassVar[str] = "Too many people: narrow the window or ask for longer overlaps."


def check_wish(wish: Wish, *, now: datetime) -> None:
    """Stop a wish that is too wide, in the future, or says no case and listed purpose.

    Raises:
        TraceRefused: naming the field.
    """
    if len(wish.case_ref.strip()) < 3:
        raise TraceRefused(field="case_ref")
    if wish.purpose not in set(TracePurpose):
        raise TraceRefused(field="purpose")
    if not wish.begins_at < wish.ends_at <= now:
        raise TraceRefused(field="ends_at")
    if wish.begins_at < now - LONGEST_WINDOW:
        raise TraceRefused(field="begins_at")
    if not SHORTEST_OVERLAP_MIN <= wish.minutes <= LONGEST_OVERLAP_MIN:
        raise TraceRefused(field="minutes")


def check_three(maker: str, checkers: Sequence[str]) -> None:
    """Check that one asked and two others approved.

    Raises:
        TraceRefused: it was fewer.
    """
    if len(checkers) < 2 or len({maker, *checkers}) < 3:
        raise TraceRefused(field="checkers")


def check_people(number: int) -> None:
    """Stop a case that would name too many.

    Raises:
        TraceTooWide: it would.
    """
    if number > MAX_PEOPLE:
        raise TraceTooWide(people=number, limit=MAX_PEOPLE)


def stays(sightings: Iterable[Sighting]) -> list[Stay]:
    """Stays from what was seen of each person, in any order.

    Sightings at one place are one stay, as long as none says that the person left and none
    comes after its end. A stay ends when the person is next seen elsewhere or leaves, or the
    venue closes, at the latest after LONGEST_STAY; at a venue that never closes, where they are
    not seen again within that time, ASSUMED_STAY after they were last seen there. Its end is
    inferred unless they were seen to leave that very venue.
    """
    seen: dict[object, list[Sighting]] = defaultdict(list)
    for sighting in sorted(sightings, key=lambda entry: entry.at):
        seen[sighting.subject_id].append(sighting)
    result = []
    for own in seen.values():
        result += _stays_of(own)
    return result


def _stays_of(own: Sequence[Sighting]) -> list[Stay]:
    """Stays of one person, from what was seen of them in order of time."""
    result: list[Stay] = []
    begun: Sighting | None = None
    last: Sighting | None = None
    for sighting in own:
        if begun is not None and last is not None:
            within = sighting.at <= stay_end(begun.at, begun.closes_at, zone=ZONE)
            if within and sighting.coming and sighting.venue_id == begun.venue_id:
                last = sighting
                continue
            result.append(_stay(begun, last, sighting if within else None))
        begun = last = sighting if sighting.coming else None
    if begun is not None and last is not None:
        result.append(_stay(begun, last, None))
    return result


def _stay(begun: Sighting, last: Sighting, following: Sighting | None) -> Stay:
    """A stay from its first sighting; `following` is what ended it, where something did."""
    end = stay_end(begun.at, begun.closes_at, zone=ZONE)
    inferred = True
    if following is not None:
        end = following.at
        inferred = following.coming or following.venue_id != begun.venue_id
    elif begun.closes_at is None:
        end = min(end, last.at + ASSUMED_STAY)
    return Stay(begun.subject_id, begun.venue_id, begun.at, end, inferred)


def clipped(stay: Stay, *, since: datetime, until: datetime) -> Stay | None:
    """The part of a stay that lies in a window; None where there is none."""
    begin, end = max(stay.begins_at, since), min(stay.ends_at, until)
    if begin >= end:
        return None
    inferred = stay.inferred and end == stay.ends_at
    return Stay(stay.subject_id, stay.venue_id, begin, end, inferred)


def overlaps(case: Sequence[Stay], others: Sequence[Stay], *, minutes: int) -> list[Stay]:
    """Of the others' stays the parts they shared with the case's, if long enough.

    Exactly `minutes` is long enough. Nobody overlaps with themselves.
    """
    shortest = timedelta(minutes=minutes)
    parts = []
    for own in case:
        for other in others:
            if other.venue_id != own.venue_id or other.subject_id == own.subject_id:
                continue
            begin = max(own.begins_at, other.begins_at)
            end = min(own.ends_at, other.ends_at)
            if end - begin >= shortest:
                inferred = own.inferred or other.inferred
                parts.append(Stay(other.subject_id, other.venue_id, begin, end, inferred))
    return sorted(parts, key=lambda stay: (stay.begins_at, str(stay.subject_id)))
