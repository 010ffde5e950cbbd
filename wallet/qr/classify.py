"""Say what a scanned text is, whoever made it.

Most codes announce themselves in their first characters, so the order of questions
decides: our own link, UPI, the two European bills, EMVCo's two modes, numbers, other
links. Reading never raises; what cannot be read is a verdict too. This is the one
reader of the house: what it calls invalid, no use case pays.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from wallet.qr import emvco_cpm, epc, issuers, links, swiss, twqrp, upi
from wallet.qr.merchant_code import OwnCode, read_own
from wallet.qr.mpm_reader import read_merchant_code
from wallet.qr.paycode import CodeMalformed, parse_code
from wallet.qr.slip import is_slip, read_slip
from wallet.qr.values import EXPIRED, Kind, Level, Reading, refused

MAX_CHARACTERS = 8192
OWN = "saoma"
# Scanners that act as a keyboard end with CR, LF or TAB; text editors begin with a BOM.
BYTE_ORDER_MARK = "\ufeff"
BLANKS = " \t\r\n\0"
# Bills are lists of lines, the last ones empty where they say nothing: ends count there.
LINES = re.compile(r"(BCD|SPC)[\r\n]")
CHECKED_END = re.compile(r"([0-9]{4}.*)?6304[0-9A-Fa-f]{4}", re.DOTALL)
ADDRESS_LIKE = re.compile(r"[^\s@/:]{1,256}@[^\s@/:]{1,256}")


@dataclass(frozen=True, kw_only=True)
class House:
    """What makes a code our own: web hosts, merchant GUID, prefix of payment codes."""

    hosts: Sequence[str] = ()
    guid: str = ""
    prefix: str = ""


NOBODY = House()

# Kinds that announce themselves, in the order of asking. A slip comes before EMVCo's
# merchant code: it is built alike and must never be taken for one.
FOREIGN: Sequence[tuple[Callable[[str], object], Callable[[str], Reading]]] = (
    (re.compile(r"BCD[\r\n]").match, epc.read_transfer_code),
    (re.compile(r"SPC[\r\n]").match, swiss.read_bill),
    (lambda payload: payload.startswith(emvco_cpm.PREFIX), emvco_cpm.read_customer_code),
    (is_slip, read_slip),
    (twqrp.is_link, twqrp.read_link),
)


def classify(payload: str, *, house: House = NOBODY, at: datetime | None = None) -> Reading:
    """Read any scanned text.

    Args:
        payload: what the scanner saw. A byte order mark before it and blanks, tabs and
            line ends around it come from devices, not from codes, and are dropped.
        house: how to know our own codes; by default nothing is ours.
        at: the moment to judge expiry at; None reports it without judging.
    """
    if len(payload) > MAX_CHARACTERS:
        return refused(Kind.UNKNOWN, Level.TLV, "too_long")
    if any("\ud800" <= character <= "\udfff" for character in payload):
        return refused(Kind.UNKNOWN, Level.TLV, "not_text")
    payload = _without_device_characters(payload)
    if links.own_token(payload, hosts=house.hosts):
        return links.read_link(payload, hosts=house.hosts)
    foreign = _foreign(payload, at=at)
    if foreign is not None:
        return foreign
    if payload.startswith("0002") or CHECKED_END.fullmatch(payload):
        return _merchant_code(payload, house=house, at=at)
    if issuers.is_digits(payload):
        return _number(payload, prefix=house.prefix)
    if links.is_link(payload) or links.is_owned(payload):
        return links.read_link(payload, hosts=house.hosts)
    if ADDRESS_LIKE.fullmatch(payload):
        return upi.read_address(payload)
    return Reading(
        kind=Kind.UNKNOWN,
        level=Level.TLV,
        errors=("not_emv",),
        strict_errors=read_merchant_code(payload).strict_errors,
    )


def _without_device_characters(payload: str) -> str:
    """Drop what devices put around a code, but not the line ends that a bill counts."""
    payload = payload.lstrip(BYTE_ORDER_MARK + BLANKS)
    return payload if LINES.match(payload) else payload.rstrip(BLANKS)


def _foreign(payload: str, *, at: datetime | None) -> Reading | None:
    """Read a code that announces itself as somebody else's; None when it does not."""
    if payload.lower().startswith(upi.PREFIX):
        return upi.read_link(payload, at=at)
    for is_kind, read in FOREIGN:
        if is_kind(payload):
            return read(payload)
    return None


def _merchant_code(payload: str, *, house: House, at: datetime | None) -> Reading:
    """Read a merchant code and mark it when it is ours."""
    reading = read_merchant_code(payload, at=at)
    own = read_own(payload, guid=house.guid, hosts=house.hosts) if house.guid else None
    return reading if own is None else _own_reading(reading, own, at=at)


def _own_reading(reading: Reading, own: OwnCode, *, at: datetime | None) -> Reading:
    """Judge one of our own codes: EMVCo's rules without exception, and the house's."""
    expired = at is not None and own.expires_at is not None and own.expires_at < at
    errors = (*reading.strict_errors, *own.problems, *((EXPIRED,) if expired else ()))
    return Reading(
        kind=reading.kind,
        profile=OWN,
        level=Level.PROFILE if errors else None,
        errors=errors,
        strict_errors=reading.strict_errors,
        fields=reading.fields,
        details={
            "merchant_id": own.merchant_number,
            "till_id": own.till_id,
            "token": own.token,
            "amount": own.amount,
            "currency": own.currency,
            "reference": own.reference,
        },
    )


def _number(payload: str, *, prefix: str) -> Reading:
    """Read a number: our own payment code if prefix, type and check digit say so."""
    if prefix:
        try:
            code = parse_code(payload, prefix=prefix)
        except CodeMalformed:
            pass
        else:
            form = code.kind.name.lower()
            return Reading(kind=Kind.PAYCODE, profile=OWN, fields={"issuer": OWN, "form": form})
    return issuers.read_number(payload)
