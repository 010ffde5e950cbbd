"""India's UPI: payment links and the addresses (VPA) in them.

Source: NPCI UPI Linking Specification 1.6.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import parse_qsl

from wallet.qr.values import EXPIRED, Kind, Level, Reading

PREFIX = "upi://"
ADDRESS = re.compile(r"[a-zA-Z0-9.\-_]{2,256}@[a-zA-Z]{2,64}")
# Banks accept longer ones; the payment providers that publish a limit publish this one.
LONGEST_ADDRESS = 30
AMOUNT = re.compile(r"(?=.*[1-9])[0-9]+(\.[0-9]{1,2})?")
# Alphanumeric symbols hold capitals only, so `UPI://PAY?PA=` means `upi://pay?pa=`.
PARAMETERS = {
    name.lower(): name
    for name in re.findall(
        r"\w+",
        "pa pn mc tid tr tn am mam cu url mode ver orgid qrMedium purpose QRexpire QRts sign "
        "mid msid mtid mn mg gstIn gstBrkUp invoiceNo invoiceDate split category refUrl",
    )
}
ACTIONS = {"pay", "mandate", "collect"}
MAX_CHARACTERS = 2048


def is_address(text: str) -> bool:
    """Tell whether a text has the form of a UPI address, `user@handle`."""
    return len(text) <= LONGEST_ADDRESS and bool(ADDRESS.fullmatch(text))


def read_address(payload: str) -> Reading:
    """Read a bare address."""
    errors = () if is_address(payload) else ("field_invalid(vpa)",)
    return Reading(
        kind=Kind.VPA,
        profile="upi",
        level=Level.PROFILE if errors else None,
        errors=errors,
        strict_errors=errors,
        fields={"vpa": payload},
    )


def read_link(payload: str, *, at: datetime | None = None) -> Reading:
    """Read `upi://pay?…`; the signature is not verified.

    Args:
        payload: the link; names of parameters are known in any case of letters.
        at: the moment to judge `QRexpire` at; None leaves expiry unjudged.
    """
    action, _, query = payload[len(PREFIX) :].partition("?")
    fields: dict[str, str] = {}
    twice: list[str] = []
    for sent, value in parse_qsl(query[:MAX_CHARACTERS], keep_blank_values=True):
        name = PARAMETERS.get(sent.lower(), sent)
        if name in fields:
            twice.append(name)
        fields[name] = value
    errors = tuple(_errors(action.strip("/").lower(), fields, twice))
    if len(payload) > MAX_CHARACTERS:
        errors = (*errors, "too_long")
    ends = _moment(fields.get("QRexpire", ""))
    if at is not None and ends is not None and ends < at:
        errors = (*errors, EXPIRED)
    return Reading(
        kind=Kind.URI,
        profile="upi",
        level=Level.PROFILE if errors else None,
        errors=errors,
        strict_errors=errors,
        warnings=("signature not verified",) if "sign" in fields else (),
        fields=fields,
    )


def _errors(action: str, fields: Mapping[str, str], twice: list[str]) -> Iterator[str]:
    """Yield why a link cannot be paid."""
    if action not in ACTIONS:
        yield "network_unsupported"
    for name in dict.fromkeys(twice):
        yield f"duplicate_id({name})"
    # In links addresses longer than the 30 of hand-typed ones are in use.
    if not ADDRESS.fullmatch(fields.get("pa", "")):
        yield "field_invalid(pa)"
    for name in ("am", "mam"):
        if fields.get(name) and not AMOUNT.fullmatch(fields[name]):
            yield "amount_invalid"
    if fields.get("cu", "INR").upper() not in {"INR", ""}:
        yield "currency_unsupported"


def _moment(text: str) -> datetime | None:
    """Read `2021-08-20T17:48:19+05:30`, whose plus a query turns into a blank."""
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
