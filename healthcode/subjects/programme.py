"""Whether the programme runs. Once it has ended nothing begins again: no subject, no evidence,
no decision, no key, no code.
"""

import time
from typing import Any, ClassVar

from django.db import connection

from config.kernel.errors import Gone
from healthcode.subjects.models import Programme

KEPT_S = 1.0
_kept: list[float] = []


class ProgrammeEnded(Gone):
    """The health code was ended and everything deleted."""

    code: ClassVar[str] = "programme_ended"
    message: ClassVar[str] = "The health code has ended and its data are deleted."


def final_report() -> dict[str, Any] | None:
    """The signed report of the end, or None while the programme runs."""
    content: dict[str, Any] | None = (
        Programme.objects.filter(id=1).values_list("report", flat=True).first()
    )
    return content


def require_running() -> None:
    """Stop a write once the programme has ended.

    Every writer asks within its transaction: on PostgreSQL the question itself holds the table
    until then, and `hold` waits for it, so that nothing is written behind the end.

    Raises:
        ProgrammeEnded: it has.
    """
    if is_over():
        raise ProgrammeEnded()


def is_over() -> bool:
    """The same as an answer, for writers that leave off without a word."""
    return Programme.objects.filter(id=1).exists()


def has_ended() -> bool:
    """As `is_over`, an answer that may be KEPT_S old where it is no: for every request there is."""
    if _kept and time.monotonic() < _kept[0]:
        return False
    ended = is_over()
    _kept[:] = [] if ended else [time.monotonic() + KEPT_S]
    return ended


def forget() -> None:
    """Drop what this process remembers."""
    _kept.clear()


def hold() -> None:
    """Wait for every writer, and let none begin before this transaction is over."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE health_programme IN ACCESS EXCLUSIVE MODE")
