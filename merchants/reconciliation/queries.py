"""Reading both sides: the bank's statements, our books, and their breaks."""

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max, Q, QuerySet

from config.kernel import clock
from merchants.funds.models import MerchantTransfer
from merchants.funds.values import TransferState
from merchants.payouts.models import Payout
from merchants.payouts.values import PayoutState
from merchants.reconciliation import rules
from merchants.reconciliation.models import BankLine, Break, ClosedDay, StatementFile
from merchants.reconciliation.values import (
    CURRENCY,
    BookLine,
    BreakKind,
    BreakState,
    Difference,
    LineStatus,
    Order,
    Statement,
    StatementLine,
)
from wallet.public import account_id, bank_order_ids, bank_orders, entries_between

BANK = "asset:custodian_bank"
RECONCILED = "bank.reconciled"
LAST_HOUR = timedelta(hours=1)
AT_ONCE = 500
PAYOUT_ENDS = frozenset({"payout_paid", "payout_recalled"})
OPEN_PAYOUTS = frozenset({PayoutState.CREATED, PayoutState.SUBMITTED, PayoutState.OVERDUE})
ONE_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)


@lru_cache(maxsize=8)
def house_bounds(day: date) -> tuple[datetime, datetime]:
    """When a house's calendar day begins and ends; the end is the next one's beginning."""
    zone = ZoneInfo(settings.TIME_ZONE)
    return datetime.combine(day, time(), zone), datetime.combine(day + ONE_DAY, time(), zone)


def digest(content: bytes) -> str:
    """What a file is known by: SHA-256, hex."""
    return hashlib.sha256(content).hexdigest()


def statement_file(day: date) -> StatementFile | None:
    """The statement that counts for a day, if one was read."""
    return StatementFile.objects.filter(day=day, superseded_at__isnull=True).first()


def stored_statement(file: StatementFile) -> Statement:
    """A statement as it was read."""
    rows = BankLine.objects.filter(file=file).order_by("position")
    return Statement(
        day=file.day,
        currency=file.currency,
        made_at=file.made_at,
        opening_minor=file.opening_minor,
        closing_minor=file.closing_minor,
        lines=tuple(
            StatementLine(
                bank_reference=row.bank_reference,
                reference=row.reference,
                amount_minor=row.amount_minor,
                fee_minor=row.fee_minor,
                currency=row.currency,
                status=LineStatus(row.status),
                booked_at=row.booked_at,
            )
            for row in rows.iterator(chunk_size=2000)
        ),
    )


def compared(statement: Statement) -> list[Difference]:
    """Every difference between a statement and our books, of the file itself first."""
    begins, ends = house_bounds(statement.day)
    ours = list(_booked(begins - ONE_DAY, ends + ONE_DAY))
    unbooked = rules.unbooked_references(statement.lines, ours)
    differences = rules.differences(
        statement,
        ours,
        orders=_orders(unbooked),
        elsewhere=_elsewhere(statement.day, unbooked),
        late_from=ends - LAST_HOUR,
    )
    if statement.made_at < ends:
        stale = rules.file_difference(
            BreakKind.STALE_FILE,
            statement.day,
            ours_minor=sum(entry.amount_minor for entry in ours if entry.day == statement.day),
            theirs_minor=rules.booked_minor(statement),
            currency=statement.currency,
        )
        differences.insert(0, stale)
    return differences


def missing_statement(day: date) -> Difference:
    """The break of a day of which no statement was read."""
    entries = _booked(*house_bounds(day))
    return rules.file_difference(
        BreakKind.MISSING_FILE,
        day,
        ours_minor=sum(entry.amount_minor for entry in entries),
        theirs_minor=None,
        currency=CURRENCY,
    )


def _booked(begins: datetime, ends: datetime) -> Iterator[BookLine]:
    """Our entries at the bank with begins <= posted_at < ends, as orders to the bank."""
    entries = entries_between(account_id(BANK), begins - _TICK, ends - _TICK)
    zone = ZoneInfo(settings.TIME_ZONE)
    while chunk := list(islice(entries, AT_ONCE)):
        payouts = _payouts_of([entry.journal_id for entry in chunk if entry.kind in PAYOUT_ENDS])
        order_ids = _order_ids(
            entry.reference for entry in chunk if entry.journal_id not in payouts
        )
        for entry in chunk:
            if entry.kind == RECONCILED:
                continue
            order = payouts.get(entry.journal_id) or order_ids.get(entry.reference)
            day = entry.posted_at.astimezone(zone).date()
            yield BookLine(
                reference=order.hex if order else "",
                bank_reference="" if order else entry.reference,
                amount_minor=entry.change_minor,
                currency=entry.currency,
                day=day,
                late=entry.posted_at >= house_bounds(day)[1] - LAST_HOUR,
            )


def _payouts_of(journal_ids: list[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """The payouts that journals paid or took back, by journal."""
    ids = set(journal_ids)
    rows = Payout.objects.filter(
        Q(end_journal_id__in=ids) | Q(recall_journal_id__in=ids)
    ).values_list("id", "end_journal_id", "recall_journal_id")
    return {
        journal_id: payout
        for payout, *journals in rows
        for journal_id in journals
        if journal_id in ids
    }


def _order_ids(references: Iterable[str]) -> dict[str, uuid.UUID]:
    """The orders to the bank behind the references of journals, by reference."""
    subjects: dict[uuid.UUID, str] = {}
    numbers: list[str] = []
    for reference in references:
        subject_id, _, subject = reference.partition(":")
        if subject_id in {"topup", "withdrawal"}:
            subjects[uuid.UUID(subject)] = reference
        else:
            numbers.append(reference)
    order_ids = {
        subjects[subject]: order for subject, order in bank_order_ids(list(subjects)).items()
    }
    transfers = MerchantTransfer.objects.filter(number__in=numbers)
    return order_ids | dict(transfers.values_list("number", "id"))


def _orders(references: Iterable[str]) -> dict[str, Order]:
    """What we know of the orders behind references; strangers' have no entry."""
    ids = [uuid.UUID(text) for text in references if _is_hex(text)]
    orders: dict[str, Order] = {}
    for start in range(0, len(ids), AT_ONCE):
        for order in _orders_of(ids[start : start + AT_ONCE]):
            orders[order.reference] = order
    return orders


def _is_hex(text: str) -> bool:
    return len(text) == 32 and not set(text) - set("0123456789abcdef")


def _orders_of(ids: list[uuid.UUID]) -> Iterator[Order]:
    for order in bank_orders(ids):
        yield Order(order.order_id.hex, order.change_minor, order.is_open, order.is_booked)
    for payout in Payout.objects.filter(id__in=ids):
        is_open = payout.state in OPEN_PAYOUTS
        is_booked = payout.state in {PayoutState.PAID, PayoutState.RECALLED}
        yield Order(payout.id.hex, -payout.amount_minor, is_open, is_booked)
    for transfer in MerchantTransfer.objects.filter(id__in=ids):
        is_open = transfer.state == TransferState.PROCESSING
        is_booked = transfer.state in {TransferState.SUCCEEDED, TransferState.RETURNED}
        yield Order(transfer.id.hex, -transfer.amount_minor, is_open, is_booked)


def _elsewhere(day: date, unbooked: Iterable[str]) -> rules.Elsewhere:
    lines = BankLine.objects.filter(file__superseded_at__isnull=True, status=LineStatus.BOOKED)
    before = set(_keys(lines.filter(file__day=day - ONE_DAY)))
    references = sorted(unbooked)
    for start in range(0, len(references), AT_ONCE):
        part = lines.filter(reference__in=references[start : start + AT_ONCE], file__day__lt=day)
        before |= set(_keys(part))
    return rules.Elsewhere(
        before=before,
        after=set(_keys(lines.filter(file__day=day + ONE_DAY))),
        is_next_read=statement_file(day + ONE_DAY) is not None,
    )


def _keys(lines: QuerySet[BankLine]) -> Iterator[rules.Key]:
    for reference, amount_minor in lines.values_list("reference", "amount_minor"):
        yield rules.key_of(reference, amount_minor)


def break_by_id(break_id: uuid.UUID) -> Break:
    """One break.

    Raises:
        rules.BreakNotFound: there is none.
    """
    row = Break.objects.filter(id=break_id).first()
    if row is None:
        raise rules.BreakNotFound()
    return row


def breaks_on(day: date) -> QuerySet[Break]:
    """The breaks of a day, whatever became of them."""
    return Break.objects.filter(day=day)


def open_breaks() -> QuerySet[Break]:
    """Breaks that wait for the other side or for people, oldest day first."""
    return Break.objects.filter(state=BreakState.OPEN).order_by("day", "position", "reference")


def age_days(row: Break) -> int:
    """How many of the house's days have passed since the break's day."""
    return (clock.house_day() - row.day).days


def is_closed(day: date) -> bool:
    """Whether a day's books are closed."""
    return ClosedDay.objects.filter(day=day).exists()


def closing_facts(day: date) -> dict[str, int | bool]:
    """What the closing of a day depends on; see `rules.check_closing`."""
    earlier = StatementFile.objects.filter(day__lt=day, superseded_at__isnull=True)
    return {
        "is_closed": is_closed(day),
        "is_compared": statement_file(day) is not None
        and statement_file(day + ONE_DAY) is not None,
        "open_breaks": open_breaks().filter(day__lte=day).count(),
        "earlier": earlier.exclude(day__in=ClosedDay.objects.values("day")).count(),
    }


def next_fetch() -> datetime | None:
    """When the bank's next statement is fetched: an hour after its day is over.

    It is that of the day after the last one that was read, or found missing.
    """
    if not settings.SAOMA_STATEMENTS_FROM:
        return None
    read = StatementFile.objects.filter(superseded_at__isnull=True).aggregate(day=Max("day"))
    missing = Break.objects.filter(kind=BreakKind.MISSING_FILE).aggregate(day=Max("day"))
    days: list[date] = [row["day"] for row in (read, missing) if row["day"] is not None]
    day = max(days) + ONE_DAY if days else clock.house_day() - ONE_DAY
    return house_bounds(day)[1] + LAST_HOUR
