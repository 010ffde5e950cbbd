"""What we attest in a European certificate (DCC 1.3), and how it is named. Pure."""

import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from config.kernel.errors import Refused
from healthcode.evidence.values import EvidenceKind
from healthcode.subjects.rules import ZONE, local_day

VERSION, COUNTRY, ISSUER = "1.3.0", "CN", "Saoma health code"
COVID = "840539006"
_TEST_TYPES = {EvidenceKind.NAAT: "LP6464-4", EvidenceKind.ANTIGEN: "LP217198-3"}
_RESULTS = {"positive": "260373001", "negative": "260415000"}
# Medicinal product: kind of vaccine and marketing authorisation holder (EU value sets 1.14).
_PRODUCTS: Mapping[str, tuple[str, str]] = {
    "EU/1/20/1528": ("1119349007", "ORG-100030215"),
    "EU/1/20/1507": ("1119349007", "ORG-100031184"),
    "EU/1/21/1529": ("J07BX03", "ORG-100001699"),
    "EU/1/20/1525": ("J07BX03", "ORG-100001417"),
    "EU/1/21/1618": ("J07BX03", "ORG-100032020"),
    "BBIBP-CorV": ("J07BX03", "ORG-100020693"),
    "CoronaVac": ("J07BX03", "Sinovac-Biotech"),
}
# What Unicode's decomposition does not spell in A to Z (ICAO 9303, part 3, section 6).
_LETTERS = str.maketrans(
    {
        "Ä": "AE", "Ö": "OE", "Ü": "UE", "ẞ": "SS", "Æ": "AE", "Ø": "OE", "Å": "AA", "Þ": "TH",
        "Ð": "D", "Đ": "D", "Ł": "L", "Œ": "OE", "'": "", "\u2019": "",
    }
)  # fmt: skip
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/:"
_NAME_CHARACTERS = 80


class NotExportable(Refused):
    """There is nothing in this evidence that a certificate can say."""

    code: ClassVar[str] = "not_exportable"
    message: ClassVar[str] = "No certificate can be made of this evidence."


class LatinNameNeeded(Refused):
    """The name cannot be spelled in A to Z by rule."""

    code: ClassVar[str] = "latin_name_needed"
    message: ClassVar[str] = "Give the name in Latin letters, as in the passport."


@dataclass(frozen=True, slots=True)
class LatinName:
    """A name as it stands in the passport's machine-readable zone."""

    surname: str
    given: str = ""


def names(name: str, latin: LatinName | None) -> dict[str, str]:
    """The person's name as written and in A to Z.

    Raises:
        LatinNameNeeded: no letter of it can be spelled so.
    """
    surname = spelled(latin.surname if latin else name)
    if not surname.strip("<"):
        raise LatinNameNeeded(field="latin_name")
    members = {"fn": name[:_NAME_CHARACTERS], "fnt": surname}
    if latin is not None and spelled(latin.given):
        members["gnt"] = spelled(latin.given)
    return members


def spelled(name: str) -> str:
    """A name in A to Z and `<`, as ICAO 9303 spells it; nothing for what it does not spell."""
    text = unicodedata.normalize("NFC", name.upper()).translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", text)
    letters = "".join(
        letter if "A" <= letter <= "Z" else "<"
        for letter in plain
        if not unicodedata.combining(letter)
    )
    return "<".join(part for part in letters.split("<") if part)[:_NAME_CHARACTERS]


def identifier(evidence_id: uuid.UUID) -> str:
    """A UVCI with its check character (eHealth Network, annex 2: Luhn modulo 38)."""
    text = f"URN:UVCI:01:{COUNTRY}:{evidence_id.hex.upper()}"
    return f"{text}#{check_character(text)}"


def check_character(text: str) -> str:
    """Luhn's check character over the alphabet of a UVCI."""
    size, factor, total = len(_ALPHABET), 2, 0
    for letter in reversed(text):
        addend = factor * _ALPHABET.index(letter)
        total += addend // size + addend % size
        factor = 3 - factor
    return _ALPHABET[-total % size]


def entry(
    kind: EvidenceKind,
    observed_at: datetime,
    payload: Mapping[str, Any],
    ci: str,
    *,
    zone: ZoneInfo = ZONE,
) -> tuple[str, dict[str, Any]]:
    """A piece of evidence as an entry of a DCC, and the group it belongs to.

    A dose is of the day that it was in the person's region (`zone`).

    Raises:
        NotExportable: a kind, a result or a vaccine that the value sets do not have.
    """
    common = {"tg": COVID, "co": COUNTRY, "is": ISSUER, "ci": ci}
    if kind in _TEST_TYPES:
        return "t", {**common, **_test(kind, observed_at, payload)}
    if kind is EvidenceKind.VACCINATION:
        return "v", {**common, **_dose(observed_at, payload, zone)}
    raise NotExportable(field="evidence_id")


def _test(kind: EvidenceKind, observed_at: datetime, payload: Mapping[str, Any]) -> dict[str, Any]:
    result = _RESULTS.get(str(payload.get("result")))
    if result is None or payload.get("status", "final") != "final":
        raise NotExportable(field="evidence_id")
    sampled = observed_at.astimezone(UTC).replace(microsecond=0)
    members = {
        "tt": _TEST_TYPES[kind],
        "sc": sampled.isoformat().replace("+00:00", "Z"),
        "tr": result,
    }
    centre = str(payload.get("laboratory", ""))[:_NAME_CHARACTERS]
    return {**members, "tc": centre} if centre else members


def _dose(observed_at: datetime, payload: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    product = str(payload.get("product", ""))
    dose, total = payload.get("dose"), payload.get("of")
    counted = all(type(number) is int and number >= 1 for number in (dose, total))
    if product not in _PRODUCTS or not counted:
        raise NotExportable(field="evidence_id")
    vaccine, holder = _PRODUCTS[product]
    day = local_day(observed_at, zone).isoformat()
    return {"vp": vaccine, "mp": product, "ma": holder, "dn": dose, "sd": total, "dt": day}
