"""Evidence for tests of rules: days counted from a noon in June 2022."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from healthcode.evidence.values import EvidenceItem, EvidenceKind, Source

K = EvidenceKind
START = datetime(2022, 6, 1, 4, 0, tzinfo=UTC)  # noon in Shanghai
_numbers = itertools.count(1)


def day(number: float) -> datetime:
    """So many days after the start."""
    return START + timedelta(days=number)


def item(
    kind: EvidenceKind, at: float, source: Source = Source.SELF, **payload: Any
) -> EvidenceItem:
    """A piece of evidence of that day, known at once."""
    return EvidenceItem(f"e{next(_numbers)}", kind, day(at), day(at), source, payload)


def declared(at: float = 0, **payload: Any) -> EvidenceItem:
    """A declaration; without payload, a clean one."""
    return item(K.DECLARATION, at, **payload)


def stayed(at: float, level: str = "medium") -> EvidenceItem:
    """The end of a stay in an area at risk."""
    return item(K.AREA_STAY, at, level=level)


def checked_in(*days: float, **payload: Any) -> list[EvidenceItem]:
    """Daily check-ins."""
    return [item(K.DAILY_CHECKIN, number, **payload) for number in days]


def sampled(
    at: float, result: str, source: Source = Source.LABORATORY, **extra: Any
) -> EvidenceItem:
    """A NAAT, of a laboratory unless said otherwise."""
    return item(K.NAAT, at, source, result=result, **extra)
