"""SEPA credit transfer codes (EPC069-12, "GiroCode"): lines of text, not TLV.

Source: EPC069-12 version 2.1: twelve elements, the trailing ones may be cut off.
"""

import re
from collections.abc import Container, Iterator, Mapping

from wallet.qr.iban import is_iban
from wallet.qr.lines import split_lines
from wallet.qr.values import Kind, Level, Reading

PREFIX = "BCD"
MAX_BYTES = 331
CHARSETS = {
    "1": "utf-8",
    "2": "iso8859-1",
    "3": "iso8859-2",
    "4": "iso8859-4",
    "5": "iso8859-5",
    "6": "iso8859-7",
    "7": "iso8859-10",
    "8": "iso8859-15",
}
NAMES = (
    "service",
    "version",
    "charset",
    "identification",
    "bic",
    "name",
    "iban",
    "amount",
    "purpose",
    "reference",
    "text",
    "information",
)
CONSTANTS: Mapping[str, Container[str]] = {
    "service": {PREFIX},
    "version": {"001", "002"},
    "charset": CHARSETS.keys(),
    "identification": {"SCT"},
}
LONGEST = {"name": 70, "purpose": 4, "reference": 35, "text": 140, "information": 70}
BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
AMOUNT = re.compile(r"EUR(?=.*[1-9])[0-9]{1,9}(\.[0-9]{1,2})?")


def read_transfer_code(payload: str) -> Reading:
    """Read one code; the amount is given without its EUR, absent when the payer types it."""
    lines = split_lines(payload)
    while lines and not lines[-1]:
        lines.pop()
    values = dict(zip(NAMES, lines + [""] * (len(NAMES) - len(lines)), strict=False))
    errors = tuple(_errors(values, extra=len(lines) > len(NAMES)))
    fields: dict[str, str | int] = {name: value for name, value in values.items() if value}
    if values["amount"]:
        fields["amount"] = values["amount"].removeprefix("EUR")
    fields["byte_length_utf8"] = len(payload.encode("utf-8", "replace"))
    return Reading(
        kind=Kind.EPC,
        profile="epc069-12",
        level=Level.PROFILE if errors else None,
        errors=errors,
        strict_errors=errors,
        fields=fields,
    )


def _errors(values: Mapping[str, str], *, extra: bool) -> Iterator[str]:
    """Yield every element that breaks the guideline."""
    for name, allowed in CONSTANTS.items():
        if values[name] not in allowed:
            yield f"field_invalid({name})"
    bic = values["bic"]
    if (bic or values["version"] == "001") and not BIC.fullmatch(bic):
        yield "field_invalid(bic)"
    if not is_iban(values["iban"]):
        yield "field_invalid(iban)"
    if values["amount"] and not AMOUNT.fullmatch(values["amount"]):
        yield "amount_invalid"
    yield from _lengths(values, extra=extra)


def _lengths(values: Mapping[str, str], *, extra: bool) -> Iterator[str]:
    """Yield elements that are missing, too long, or one too many."""
    if not values["name"]:
        yield "field_invalid(name)"
    for name, longest in LONGEST.items():
        if len(values[name]) > longest:
            yield f"field_invalid({name})"
    if values["reference"] and values["text"]:
        yield "field_invalid(text)"
    if extra:
        yield "too_many_lines"
    if _bytes(values) > MAX_BYTES:
        yield "too_long"


def _bytes(values: Mapping[str, str]) -> int:
    """Count the payload's bytes in the character set it declares."""
    text = "\n".join(values.values()).rstrip("\n")
    return len(text.encode(CHARSETS.get(values["charset"], "utf-8"), "replace"))
