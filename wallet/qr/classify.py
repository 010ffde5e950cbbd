"""Say what a scanned text is, whoever made it.

Most codes announce themselves in their first characters, so the order of questions
decides: our own link, UPI, the two European bills, EMVCo's two modes, numbers, other
links. Reading never raises; what cannot be read is a verdict too.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from wallet.qr import emvco_cpm, epc, issuers, links, swiss, upi
from wallet.qr.merchant_code import read_own
from wallet.qr.mpm_reader import read_merchant_code
from wallet.qr.paycode import CodeMalformed, parse_code
from wallet.qr.slip import is_slip, read_slip
from wallet.qr.values import Kind, Level, Reading, refused

MAX_CHARACTERS = 8192
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
    (lambda payload: payload.lower().startswith(upi.PREFIX), upi.read_link),
    (re.compile(r"BCD[\r\n]").match, epc.read_transfer_code),
    (re.compile(r"SPC[\r\n]").match, swiss.read_bill),
    (lambda payload: payload.startswith(emvco_cpm.PREFIX), emvco_cpm.read_customer_code),
    (is_slip, read_slip),
)


def classify(payload: str, *, house: House = NOBODY, at: datetime | None = None) -> Reading:
    """Read any scanned text.

    Args:
        payload: what the scanner saw, exactly.
        house: how to know our own codes; by default nothing is ours.
        at: the moment to judge expiry at; None reports it without judging.
    """
    if len(payload) > MAX_CHARACTERS:
        return refused(Kind.UNKNOWN, Level.TLV, "too_long")
    if any("\ud800" <= character <= "\udfff" for character in payload):
        return refused(Kind.UNKNOWN, Level.TLV, "not_text")
    if links.own_token(payload, hosts=house.hosts):
        return links.read_link(payload, hosts=house.hosts)
    for is_kind, read in FOREIGN:
        if is_kind(payload):
            return read(payload)
    if payload.startswith("0002") or CHECKED_END.fullmatch(payload):
        return _merchant_code(payload, house=house, at=at)
    if issuers.is_digits(payload):
        return _number(payload, prefix=house.prefix)
    if links.is_link(payload):
        return links.read_link(payload, hosts=house.hosts)
    if ADDRESS_LIKE.fullmatch(payload):
        return upi.read_address(payload)
    return Reading(
        kind=Kind.UNKNOWN,
        level=Level.TLV,
        errors=("not_emv",),
        strict_errors=read_merchant_code(payload).strict_errors,
    )


def _merchant_code(payload: str, *, house: House, at: datetime | None) -> Reading:
    """Read a merchant code and mark it when it is ours."""
    reading = read_merchant_code(payload, at=at)
    own = read_own(payload, guid=house.guid) if house.guid else None
    if own is None:
        return reading
    expired = at is not None and own.expires_at is not None and own.expires_at < at
    errors = (*reading.strict_errors, *(("expired",) if expired else ()))
    return Reading(
        kind=reading.kind,
        profile="saoma",
        level=Level.PROFILE if errors else None,
        errors=errors,
        strict_errors=reading.strict_errors,
        fields=reading.fields,
        details={
            "merchant_id": own.merchant_id,
            "till_id": own.till_id,
            "token": own.token,
            "amount": own.amount,
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
            return Reading(
                kind=Kind.PAYCODE, profile="saoma", fields={"issuer": "saoma", "form": form}
            )
    return issuers.read_number(payload)
