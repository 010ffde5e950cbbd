"""Swiss QR-bills: 31 to 34 lines of text.

Source: Swiss Implementation Guidelines QR-bill 2.x (SIX). Minor versions 02xx are
accepted; the combined address, type K, is read although it is being withdrawn.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from wallet.qr.iban import is_creditor_reference, is_iban, is_qr_iban, is_qr_reference
from wallet.qr.lines import split_lines
from wallet.qr.values import Kind, Level, Reading, refused

PREFIX = "SPC"
MAX_CHARACTERS = 997
LEAST_LINES, MOST_LINES = 31, 34
TRAILER_LINE = 30
AMOUNT = re.compile(r"(?=.*[1-9])[0-9]{1,9}\.[0-9]{2}")
ADDRESS = ("type", "name", "street", "number", "postcode", "town", "country")
LONGEST = {"name": 70, "street": 70, "number": 70, "postcode": 16, "town": 35}


def read_bill(payload: str) -> Reading:
    """Read one bill."""
    lines = split_lines(payload)
    while len(lines) > LEAST_LINES and not lines[-1]:
        lines.pop()
    if not LEAST_LINES <= len(lines) <= MOST_LINES:
        return refused(Kind.SWISSQR, Level.PROFILE, "line_count", profile="swiss-qr-bill")
    creditor = dict(zip(ADDRESS, lines[4:11], strict=True))
    debtor = dict(zip(ADDRESS, lines[20:27], strict=True))
    fields = _fields(lines, creditor, debtor)
    errors = (
        *_head(lines, fields),
        *_address("creditor", creditor),
        *(_address("debtor", debtor) if any(debtor.values()) else ()),
        *_reference(fields),
        *(("too_long",) if len(payload) > MAX_CHARACTERS else ()),
    )
    return Reading(
        kind=Kind.SWISSQR,
        profile="swiss-qr-bill",
        level=Level.PROFILE if errors else None,
        errors=errors,
        strict_errors=errors,
        fields=fields,
        details={f"creditor_{name}": value for name, value in creditor.items() if value},
    )


def _fields(
    lines: Sequence[str], creditor: Mapping[str, str], debtor: Mapping[str, str]
) -> dict[str, str]:
    """Name the lines."""
    fields = {
        "type": lines[0],
        "version": lines[1],
        "charset": lines[2],
        "iban": lines[3],
        "creditor": creditor["name"],
        "amount": lines[18],
        "currency": lines[19],
        "debtor": debtor["name"],
        "ref_type": lines[27],
        "reference": lines[28],
        "message": lines[29],
        "trailer": lines[TRAILER_LINE],
    }
    extras = dict(zip(("bill_information", "scheme_1", "scheme_2"), lines[31:], strict=False))
    return fields | extras


def _head(lines: Sequence[str], fields: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong outside addresses and reference."""
    if fields["type"] != PREFIX:
        yield "field_invalid(type)"
    if not re.fullmatch(r"02[0-9]{2}", fields["version"]):
        yield "field_invalid(version)"
    if fields["charset"] != "1":
        yield "field_invalid(charset)"
    if (
        fields["iban"][:2] not in {"CH", "LI"}
        or len(fields["iban"]) != 21
        or not is_iban(fields["iban"])
    ):
        yield "field_invalid(iban)"
    if any(lines[11:18]):
        yield "field_invalid(ultimate_creditor)"
    if fields["amount"] and not AMOUNT.fullmatch(fields["amount"]):
        yield "amount_invalid"
    if fields["currency"] not in {"CHF", "EUR"}:
        yield "currency_unsupported"
    if len(fields["message"]) > 140:
        yield "field_invalid(message)"
    if fields["trailer"] != "EPD":
        yield "field_invalid(trailer)"


def _address(whose: str, address: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with an address: S is structured, K two free lines."""
    if address["type"] not in {"S", "K"}:
        yield f"field_invalid({whose}.type)"
    if not address["name"]:
        yield f"field_invalid({whose}.name)"
    if address["type"] == "S" and not (address["postcode"] and address["town"]):
        yield f"field_invalid({whose}.town)"
    if address["type"] == "K" and (address["postcode"] or address["town"]):
        yield f"field_invalid({whose}.town)"
    if not re.fullmatch(r"[A-Z]{2}", address["country"]):
        yield f"field_invalid({whose}.country)"
    for name, longest in LONGEST.items():
        if len(address[name]) > longest:
            yield f"field_invalid({whose}.{name})"


def _reference(fields: Mapping[str, str]) -> Iterator[str]:
    """Yield contradictions between reference type, reference and kind of account."""
    kind, reference = fields["ref_type"], fields["reference"]
    qr_iban = is_qr_iban(fields["iban"])
    if kind == "QRR":
        good = is_qr_reference(reference) and qr_iban
    elif kind == "SCOR":
        good = is_creditor_reference(reference) and not qr_iban
    elif kind == "NON":
        good = not reference and not qr_iban
    else:
        yield "field_invalid(ref_type)"
        return
    if not good:
        yield "field_invalid(reference)"
