"""Rules of bills: periods, and what may be asked for when. Pure."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.kernel.errors import InvalidRequest, NotFound
from merchants.bills.values import Period

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d\d", re.ASCII)
_SHOWN = 2


class BillUnknown(NotFound):
    """Nothing happened in that time, or its bill is not made yet."""

    code = "bill_not_found"
    message = "There is no bill of that time."


class BillDateInvalid(InvalidRequest):
    """The date is neither a day nor a month."""

    code = "bill_date_invalid"
    message = "A bill is of a day (yyyy-MM-dd) or a month (yyyy-MM)."


def period(text: str, *, zone: str) -> Period:
    """Read which time a bill is of, midnight to midnight in the merchant's zone.

    Raises:
        BillDateInvalid: it is neither a day nor a month.
    """
    try:
        if _DAY.fullmatch(text):
            first = date.fromisoformat(text)
            after = first + timedelta(days=1)
        elif _MONTH.fullmatch(text):
            first = date.fromisoformat(f"{text}-01")
            after = (first + timedelta(days=31)).replace(day=1)
        else:
            raise BillDateInvalid(field="bill_date")
    except (ValueError, OverflowError) as error:
        raise BillDateInvalid(field="bill_date") from error
    return Period(_midnight(first, zone), _midnight(after, zone), text.replace("-", ""))


def check_made(asked: Period, *, now: datetime, same_day: bool) -> None:
    """Check that the bill of a time can be had: once it is over or, in a sandbox, at once.

    Raises:
        BillUnknown: it cannot yet.
    """
    if asked.begins_at > now or (asked.ends_at > now and not same_day):
        raise BillUnknown(field="bill_date")


def masked(name: str, phone: str) -> str:
    """How a bill names a payer: `**华(138******01)`."""
    digits = phone.removeprefix("+86")
    shown = f"{digits[:3]}******{digits[-_SHOWN:]}" if digits else ""
    return f"**{name[-1:]}({shown})"


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone))
