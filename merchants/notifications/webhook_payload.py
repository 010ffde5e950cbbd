"""Rules of asynchronous notifications: what they say, when they are sent again. Pure.

A notification is a form of decoded values, signed like a return address: neither
`sign` nor `sign_type` is part of the string. Its id is the same for every try of one
event. Source: gateway.md section 8.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

# Gaps between the eight sends of one event, 24 h 24 min in all.
LADDER: Final = (
    timedelta(minutes=4),
    timedelta(minutes=10),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=15),
)
SENDS: Final = len(LADDER) + 1
# Products whose closing and finishing is told; for payments face to face it is not.
TOLD_OF_ENDS: Final = frozenset({"QUICK_WAP_WAY", "QUICK_WAP_PAY", "QUICK_MSECURITY_PAY"})
ANSWER: Final = b"success"


class Failure(StrEnum):
    """Why an attempt failed."""

    NOT_SUCCESS = "not_success"  # an answer, but not the one word
    REDIRECT = "redirect"  # never followed
    TIMEOUT = "timeout"
    CONNECTION = "connection"  # refused, reset, or no HTTP
    TLS = "tls"
    NAME = "name_unresolved"
    ADDRESS = "address_refused"  # loopback outside the lab, private, link-local and the like
    URL = "url_invalid"
    LOST = "worker_lost"  # the worker died while it was sending


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of one send: HTTP status, the answer's first bytes, how long it took."""

    status: int | None
    answer: str
    duration_ms: int
    failure: Failure | None


@dataclass(frozen=True, slots=True)
class Trade:
    """What a notification tells of a trade, in the protocol's own words and formats.

    Times are text in Beijing time, amounts yuan with two decimals; what is empty is
    left out. `seller_email` is the login of the seller's account, here a phone number.
    """

    app_id: str
    seller_id: str
    seller_email: str
    buyer_id: str
    buyer_open_id: str
    buyer_logon_id: str
    trade_no: str
    out_trade_no: str
    out_biz_no: str
    trade_status: str
    total_amount: str
    paid_amount: str
    refund_fee: str
    subject: str
    body: str
    gmt_create: str
    gmt_payment: str
    gmt_refund: str
    gmt_close: str
    passback_params: str
    auth_app_id: str = ""


def parameters(trade: Trade, *, notify_id: str, charset: str) -> dict[str, str]:
    """What is sent of a trade, but for the time of sending and the signature."""
    bills = [{"amount": trade.paid_amount, "fundChannel": "ALIPAYACCOUNT"}]
    paid = bool(trade.gmt_payment)
    fields = {
        "notify_type": "trade_status_sync",
        "notify_id": notify_id,
        "charset": charset,
        "version": "1.0",
        "app_id": trade.app_id,
        "auth_app_id": trade.auth_app_id or trade.app_id,
        "trade_no": trade.trade_no,
        "out_trade_no": trade.out_trade_no,
        "out_biz_no": trade.out_biz_no,
        "buyer_id": trade.buyer_id,
        "buyer_open_id": trade.buyer_open_id,
        "buyer_logon_id": trade.buyer_logon_id,
        "seller_id": trade.seller_id,
        "seller_email": trade.seller_email,
        "trade_status": trade.trade_status,
        "total_amount": trade.total_amount,
        "receipt_amount": trade.paid_amount,
        "invoice_amount": trade.paid_amount,
        "buyer_pay_amount": trade.paid_amount,
        "point_amount": "0.00",
        "refund_fee": trade.refund_fee,
        "subject": trade.subject,
        "body": trade.body,
        "gmt_create": trade.gmt_create,
        "gmt_payment": trade.gmt_payment,
        "gmt_refund": trade.gmt_refund,
        "gmt_close": trade.gmt_close,
        "fund_bill_list": json.dumps(bills, separators=(",", ":")) if paid else "",
        "passback_params": trade.passback_params,
    }
    return {name: value for name, value in fields.items() if value}


def encodable(params: Mapping[str, str], encoding: str) -> dict[str, str]:
    """Replace what the merchant's charset cannot hold, before anything is signed."""
    return {
        name: value.encode(encoding, "replace").decode(encoding) for name, value in params.items()
    }


def next_send_at(*, sends: int, planned_at: datetime, now: datetime) -> datetime | None:
    """When an event is sent again after its `sends`-th send failed; None after the last.

    The gap counts from when that send was planned, so the ladder keeps its hours; a
    worker that comes back after a long pause counts from now and sends no burst.
    """
    if sends >= SENDS:
        return None
    gap = LADDER[sends - 1]
    return planned_at + gap if planned_at + gap > now else now + gap


def failure_of(status: int, answer: bytes) -> Failure | None:
    """Judge an answer: HTTP 200 and exactly `success`, nothing else."""
    if status == 200 and answer == ANSWER:
        return None
    return Failure.REDIRECT if 300 <= status < 400 else Failure.NOT_SUCCESS


def notify_id(*, beijing_digits: str, random_digits: str) -> str:
    """Make an event's id as the real ones look: 34 digits, date, 00222, time, random."""
    return f"{beijing_digits[:8]}00222{beijing_digits[8:14]}{random_digits}"
