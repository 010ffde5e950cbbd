"""Taiwan's TWQRP: links of the shape `TWQRP://name/158/02/V1?D5=…&D6=…&D10=901`.

Country and kind of payment stand in the path, the contents in parameters D1 to D99.
Banking apps also print the whole link percent-encoded.
Source: FISC's common QR code, as the banks' apps write it.
"""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, unquote

from wallet.qr.values import Kind, Level, Reading

PREFIX = re.compile(r"TWQRP(://|%3A%2F%2F)", re.IGNORECASE)
PATH = re.compile(r"TWQRP://([^/?#]*)/158/([0-9]{2})/V([0-9]+)", re.IGNORECASE)
KINDS = {"01": "purchase", "02": "transfer", "03": "bill"}
TRANSFER = "02"
NEW_TAIWAN_DOLLAR = "901"
NAMES = {
    "D1": "amount_minor",
    "D2": "order",
    "D5": "bank",
    "D6": "account",
    "D9": "note",
    "D10": "currency",
    "D12": "expires",
}
# Field forms, for what a transfer cannot do without and what all kinds share.
FORMS: Mapping[str, re.Pattern[str]] = {
    "D1": re.compile(r"[0-9]{1,12}"),
    "D5": re.compile(r"[0-9]{3}"),
    "D6": re.compile(r"[0-9]{10,16}"),
}
MAX_CHARACTERS = 2048


def is_link(payload: str) -> bool:
    """Tell whether a payload announces itself as TWQRP, encoded or not."""
    return bool(PREFIX.match(payload))


def read_link(payload: str) -> Reading:
    """Read one link; the amount is in hundredths of a dollar, as D1 states it."""
    link = payload if "://" in payload[:8] else unquote(payload)
    head, _, query = link.partition("?")
    path = PATH.fullmatch(head)
    fields: dict[str, str] = {}
    duplicates: list[str] = []
    for sent, value in parse_qsl(query[:MAX_CHARACTERS], keep_blank_values=True):
        name = sent.upper()
        if name in fields:
            duplicates.append(name)
        fields[name] = value
    kind = path[2] if path else ""
    errors = tuple(_errors(kind, fields, duplicates))
    if len(payload) > MAX_CHARACTERS:
        errors = (*errors, "too_long")
    details = {name: fields[key] for key, name in NAMES.items() if fields.get(key)}
    if path:
        details |= {"name": unquote(path[1]), "type": KINDS.get(kind, kind)}
    return Reading(
        kind=Kind.URI,
        profile="twqrp",
        level=Level.PROFILE if errors else None,
        errors=errors,
        strict_errors=errors,
        fields=fields,
        details=details,
    )


def _errors(kind: str, fields: Mapping[str, str], duplicates: list[str]) -> Iterator[str]:
    """Yield why a link cannot be paid."""
    if not kind:
        yield "network_unsupported"
    for name in dict.fromkeys(duplicates):
        yield f"duplicate_id({name})"
    for name, form in FORMS.items():
        needed = kind == TRANSFER and name != "D1"
        if (needed or fields.get(name)) and not form.fullmatch(fields.get(name, "")):
            yield "amount_invalid" if name == "D1" else f"field_invalid({name})"
    if fields.get("D10", NEW_TAIWAN_DOLLAR) not in {NEW_TAIWAN_DOLLAR, ""}:
        yield "currency_unsupported"
