"""What foreign certificates say, in the terms of our evidence. Pure.

A certificate is verified, its facts are taken over, its hash is kept, and the string is
forgotten. Only tests colour anything; vaccinations and recoveries are shown.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from healthcode.codec.claims import Verified
from healthcode.evidence.rules import sampling_moment
from healthcode.evidence.values import EvidenceKind
from healthcode.subjects.rules import ZONE, start_of_day

# Value sets of the EU: the disease, the types of test, the results (ehn-dcc-valuesets).
COVID_19 = "840539006"
NAAT_TYPE, RAPID_TYPE = "LP6464-4", "LP217198-3"
_TYPES = {NAAT_TYPE: EvidenceKind.NAAT, RAPID_TYPE: EvidenceKind.ANTIGEN}
DETECTED, NOT_DETECTED = "260373001", "260415000"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# What is dated before is no date of a living person's test or dose.
_FIRST = datetime(1900, 1, 1, tzinfo=UTC)
_RESULTS = {DETECTED: "positive", NOT_DETECTED: "negative"}


@dataclass(frozen=True, slots=True)
class Statement:
    """One fact of a certificate as a piece of evidence."""

    kind: EvidenceKind
    observed_at: datetime
    payload: dict[str, Any]


def statements(certificate: Verified, *, at: datetime, zone: ZoneInfo = ZONE) -> list[Statement]:
    """What a verified certificate lets us record; days are those of the person's region (`zone`).

    Nothing where its dates cannot be read, where the disease is another one, or where a test is
    of no type that the value sets know.
    """
    if certificate.kind == "HC1":
        rows = [
            *(_test(row, zone, at) for row in _rows(certificate.payload, "t")),
            *(_dose(row, zone) for row in _rows(certificate.payload, "v")),
            *(_recovery(row, zone) for row in _rows(certificate.payload, "r")),
        ]
        return [row for row in rows if row is not None]
    issued_at = certificate.issued_at or at
    facts = {"format": certificate.kind, "issuer": certificate.issuer}
    return [Statement(EvidenceKind.EXTERNAL_CERTIFICATE, issued_at, facts)]


def _rows(payload: Mapping[str, Any], group: str) -> list[Mapping[str, Any]]:
    group_rows = payload.get(group)
    rows = group_rows if isinstance(group_rows, list) else []
    return [row for row in rows if isinstance(row, dict) and row.get("tg") == COVID_19]


def _moment(value: object, zone: ZoneInfo) -> datetime | None:
    """An ISO date or date-time of a certificate; issuers write milliseconds and offsets too.

    A date alone is a calendar day here: what is dated today is of today, whatever the hour
    in Greenwich.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value / 1000, UTC) if 0 < value < 1e13 else None
    try:
        if _DAY.fullmatch(str(value)):
            day = start_of_day(date.fromisoformat(str(value)), zone)
            return day if day >= _FIRST else None
        local_time = datetime.fromisoformat(str(value))
        moment = (local_time if local_time.tzinfo else local_time.replace(tzinfo=UTC)).astimezone(
            UTC
        )
    except (ValueError, OverflowError):
        return None
    return moment if moment >= _FIRST else None


def _test(row: Mapping[str, Any], zone: ZoneInfo, at: datetime) -> Statement | None:
    sampled_at, result = _moment(row.get("sc"), zone), _RESULTS.get(str(row.get("tr")))
    kind = _TYPES.get(str(row.get("tt")))
    if sampled_at is None or result is None or kind is None:
        return None
    if _DAY.fullmatch(str(row["sc"])):
        day = date.fromisoformat(str(row["sc"]))
        sampled_at = sampling_moment(day, result, zone=zone, now=at)
    return Statement(kind, sampled_at, {"result": result, "country": str(row.get("co", ""))})


def _dose(row: Mapping[str, Any], zone: ZoneInfo) -> Statement | None:
    given_at = _moment(row.get("dt"), zone)
    if given_at is None:
        return None
    facts = {"dose": row.get("dn"), "of": row.get("sd"), "product": str(row.get("mp", ""))}
    return Statement(EvidenceKind.VACCINATION, given_at, facts)


def _recovery(row: Mapping[str, Any], zone: ZoneInfo) -> Statement | None:
    first_at = _moment(row.get("fr"), zone)
    if first_at is None:
        return None
    return Statement(EvidenceKind.RECOVERY, first_at, {"country": str(row.get("co", ""))})
