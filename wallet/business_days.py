"""Business days: from a payee's cut-off hour to the same hour of the next day. Pure.

With cut-off at 2, what is paid at 01:30 counts for the day before. Payments, batches, bills
and statements all take their days from here. Days have 23 or 25 hours where clocks change.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_zones: dict[str, ZoneInfo] = {}


def cut_off(day: date, *, zone: str, hour: int) -> datetime:
    """The moment at which a day begins, in UTC.

    An hour that a clock change skips is read with the offset before the change, one that
    comes twice at its first coming: the zone database decides, the same on every run.

    Args:
        day: the business day.
        zone: IANA name of the payee's zone.
        hour: 0 to 23, local time.
    """
    return datetime.combine(day, time(hour), tzinfo=_zone(zone)).astimezone(UTC)


def business_date(moment: datetime, *, zone: str, cutoff_hour: int = 0) -> date:
    """The business day that a moment (aware) falls in."""
    local = moment.astimezone(_zone(zone)).date()
    if cutoff_hour == 0 or moment >= cut_off(local, zone=zone, hour=cutoff_hour):
        return local
    return local - timedelta(days=1)


def _zone(name: str) -> ZoneInfo:
    """Keep zones by name: ZoneInfo's own cache still checks its lock at each call."""
    zone = _zones.get(name)
    if zone is None:
        zone = _zones[name] = ZoneInfo(name)
    return zone
