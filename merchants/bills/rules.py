"""Rules of bills: periods, and what may be asked for when. Pure."""

import re
import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from config.kernel.errors import InvalidRequest, NotFound
from merchants.bills.values import Period
from wallet.business_days import cut_off

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d\d", re.ASCII)
_SHOWN = 2
# What is said of journals whose words are the house's own, and not the merchant's or payer's.
NOTES: Mapping[str, str] = {
    "balance_topup": "余额充值",
    "debt_collected": "归还欠款",
    "escrow_release": "确认收货",
    "escrow_share": "套餐核销分账",
    "merchant_transfer_failed": "转账失败退回",
    "merchant_transfer_returned": "转账退票",
    "merchant_transfer_succeeded": "转账到账",
    "payout": "结算提现",
    "payout_paid": "结算提现到账",
    "payout_returned": "结算提现退回",
    "settlement": "服务费结算",
    "split_return": "退款时退回分账",
}
HOUSE_WORDS: Mapping[str, str] = {"cancelled": "交易撤销"}


class BillUnknown(NotFound):
    """Nothing happened in that time, or its bill is not made yet."""

    code = "bill_not_found"
    message = "There is no bill of that time."


class BillDateInvalid(InvalidRequest):
    """The date is neither a day nor a month."""

    code = "bill_date_invalid"
    message = "A bill is of a day (yyyy-MM-dd) or a month (yyyy-MM)."


def period(text: str, *, zone: str, cutoff_hour: int = 0) -> Period:
    """Read which time a bill is of: the merchant's business days, as its batches have them.

    Args:
        text: a day or a month.
        zone: IANA name of the merchant's time zone.
        cutoff_hour: 0 to 23; the hour, local time, at which its day begins and ends.

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
        local = ZoneInfo(zone)
        begins_at, ends_at = (
            cut_off(day, zone=zone, hour=cutoff_hour).astimezone(local) for day in (first, after)
        )
    # The calendar's first and last days have no moment in every zone.
    except (ValueError, OverflowError) as error:
        raise BillDateInvalid(field="bill_date") from error
    return Period(begins_at, ends_at, text.replace("-", ""))


def check_made(period: Period, *, now: datetime, same_day: bool) -> None:
    """Check that the bill of a time can be had: once it is over or, in a sandbox, at once.

    Raises:
        BillUnknown: it cannot yet.
    """
    if period.begins_at > now or (period.ends_at > now and not same_day):
        raise BillUnknown(field="bill_date")


def serial(journal_id: uuid.UUID, at: datetime) -> str:
    """A number of 28 digits, the date first, that stands for an id of ours."""
    return f"{at:%Y%m%d}{journal_id.int % 10**20:020d}"


def note_of(kind: str, text: str) -> str:
    """What a bill remarks on a movement: people's own words, or ours in Chinese.

    Args:
        kind: the kind of journal.
        text: what the journal says of itself.
    """
    if text in HOUSE_WORDS:
        return HOUSE_WORDS[text]
    return NOTES.get(kind, text)


def masked(name: str, phone: str) -> str:
    """How a bill names somebody: `**华(138******01)`; by phone, or by number."""
    digits = phone.removeprefix("+86")
    phone_digits = f"{digits[:3]}******{digits[-_SHOWN:]}" if digits else ""
    return f"**{name[-1:]}({phone_digits})"
