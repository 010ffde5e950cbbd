"""Today's figures for the panel's home page, each one query or two.

"Today" is the calendar day in the operators' time zone. Sums are in minor units.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncDate, TruncHour

from config.kernel import clock
from config.kernel.audit.models import AuditEvent
from config.kernel.outbox import relay
from healthcode.decisions.models import Head
from merchants.notifications.models import Notification, NotificationState
from merchants.settlement.models import SettlementBatch
from merchants.settlement.values import BatchState
from wallet.ledger.queries.proofs import FIGURES, spelled_out
from wallet.payments.models import Payment, Refund
from wallet.risk.models import RiskCase
from wallet.risk.values import CaseState

T = TypeVar("T")
CURRENCY = "CNY"
# The books are read whole for their proof: at most this often.
BOOKS_KEPT_S = 30
GLASS_SHOWN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Flow:
    """How many and how much, in minor units."""

    count: int
    amount_minor: int


def zone() -> ZoneInfo:
    """The operators' time zone."""
    return ZoneInfo(settings.TIME_ZONE)


def day_start(day: date) -> datetime:
    """The first moment of a calendar day."""
    return datetime.combine(day, time(), tzinfo=zone())


def paid_on(day: date) -> Flow:
    """Payments paid on a day, refunded ones included."""
    start, end = day_start(day), day_start(day + timedelta(days=1))
    return _flow(Payment.objects.filter(paid_at__gte=start, paid_at__lt=end))


def refunded_on(day: date) -> Flow:
    """Refunds made on a day."""
    start, end = day_start(day), day_start(day + timedelta(days=1))
    return _flow(Refund.objects.filter(created_at__gte=start, created_at__lt=end))


def _flow(rows: QuerySet[Payment] | QuerySet[Refund]) -> Flow:
    totals = rows.filter(currency=CURRENCY).aggregate(count=Count("id"), amount=Sum("amount_minor"))
    return Flow(totals["count"], totals["amount"] or 0)


def paid_by_hour(day: date) -> list[int]:
    """Amounts paid in each hour of a day, in minor units; 24 of them."""
    start, end = day_start(day), day_start(day + timedelta(days=1))
    rows = (
        Payment.objects.filter(paid_at__gte=start, paid_at__lt=end, currency=CURRENCY)
        .annotate(hour=TruncHour("paid_at", tzinfo=zone()))
        .order_by("hour")
        .values("hour")
        .annotate(amount=Sum("amount_minor"))
    )
    amounts = [0] * 24
    for row in rows:
        amounts[row["hour"].hour] += row["amount"]
    return amounts


def paid_by_day(last: date, days: int) -> list[tuple[date, int]]:
    """Amounts paid on each of the last days, oldest first, in minor units."""
    first = last - timedelta(days=days - 1)
    rows = (
        Payment.objects.filter(
            paid_at__gte=day_start(first),
            paid_at__lt=day_start(last + timedelta(days=1)),
            currency=CURRENCY,
        )
        .annotate(day=TruncDate("paid_at", tzinfo=zone()))
        .order_by("day")
        .values("day")
        .annotate(amount=Sum("amount_minor"))
    )
    amounts = {row["day"]: row["amount"] for row in rows}
    dates = [first + timedelta(days=number) for number in range(days)]
    return [(day, amounts.get(day, 0)) for day in dates]


def waiting_notifications() -> QuerySet[Notification]:
    """Notifications that their merchants have not taken yet: each has a time to be sent at."""
    waiting = (NotificationState.PENDING, NotificationState.RETRYING)
    return Notification.objects.filter(due_at__isnull=False, state__in=waiting)


def events_waiting() -> int:
    """Events whose effects are not all recorded."""
    return relay.unfinished().count()


def risk_cases_open() -> int:
    """Cases that nobody has resolved."""
    return RiskCase.objects.exclude(state=CaseState.RESOLVED).count()


def batches_waiting() -> int:
    """Batches that wait for a second pair of eyes or came back from the bank."""
    states = (BatchState.AWAITING_APPROVAL, BatchState.PART_FAILED)
    return SettlementBatch.objects.filter(state__in=states).count()


def colours() -> dict[str, int]:
    """How many subjects stand under each colour now."""
    rows = Head.objects.order_by("decision__colour").values("decision__colour")
    return {row["decision__colour"]: row["count"] for row in rows.annotate(count=Count("pk"))}


def proof_figures() -> dict[str, dict[str, int]]:
    """Trial balance and safeguarding surplus by currency, at most BOOKS_KEPT_S old."""
    return _kept("console.proof", BOOKS_KEPT_S, _read_proof)


def _read_proof() -> dict[str, dict[str, int]]:
    figures: dict[str, dict[str, int]] = {}
    with connection.cursor() as cursor:
        for name, (sql, _) in FIGURES.items():
            cursor.execute(spelled_out(sql))
            figures[name] = {currency: int(figure) for currency, figure in cursor.fetchall()}
    return figures


def _kept(key: str, seconds: int, read: Callable[[], T]) -> T:
    figures: T | None = cache.get(key)
    if figures is None:
        figures = read()
        cache.set(key, figures, seconds)
    return figures


def today() -> date:
    """The present day of the operators."""
    return clock.today(settings.TIME_ZONE)


def broken_glass() -> list[str]:
    """Emergency accounts of the last week, one sentence each: everybody hears of them."""
    since = clock.now() - GLASS_SHOWN
    rows = AuditEvent.objects.filter(action="access.break_glass", at__gte=since)
    return [
        f"Break-glass on {row.at.astimezone(zone()):%d %b %H:%M}: {row.target} was made a "
        f"superuser. Reason: {row.purpose}"
        for row in rows.order_by("-seq")
    ]
