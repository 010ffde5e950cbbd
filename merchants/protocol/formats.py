"""How the protocol writes amounts, times and logins. Pure."""

import re
from datetime import datetime, timedelta, timezone
from typing import Final

from wallet.money import format_amount

BEIJING: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
CURRENCY: Final = "CNY"
ZERO: Final = "0.00"
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?", re.ASCII)
_SHOWN_DIGITS: Final = 4


def yuan(amount_minor: int) -> str:
    """Write fen as yuan with two decimals."""
    return format_amount(amount_minor, CURRENCY)


def masked(login: str) -> str | None:
    """Hide the middle of a phone number or the end of a mail name; None if there is none."""
    if not login:
        return None
    name, at, domain = login.partition("@")
    if at:
        return f"{name[:3]}***@{domain}"
    digits = name.removeprefix("+86")
    return f"{digits[:3]}****{digits[-_SHOWN_DIGITS:]}"


def moment_of(value: str) -> datetime | None:
    """Read `yyyy-MM-dd HH:mm:ss` as Beijing time, seconds or not; None for anything else."""
    if _MOMENT.fullmatch(value) is None:
        return None
    try:
        return datetime.fromisoformat(value).replace(tzinfo=BEIJING)
    except ValueError:
        return None


def beijing(at: datetime) -> str:
    """Write a moment as the protocol does."""
    local = at.astimezone(BEIJING)
    return f"{local:%Y-%m-%d %H:%M:%S}"


def beijing_ms(at: datetime) -> str:
    """The same with milliseconds, as times of refunds are written in notifications."""
    return f"{beijing(at)}.{at.microsecond // 1000:03d}"
