"""Reading the books: balances now and at a date, statements, journals, totals."""

import base64
import binascii
import uuid
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Case, F, Q, QuerySet, Sum, When

from wallet.ledger import values
from wallet.ledger.models import Account, Checkpoint, Entry, Hold, Journal, Proof, UnfoldedAmount
from wallet.ledger.rules import BadCursor, UnknownAccount, UnknownHold, UnknownJournal
from wallet.ledger.values import Balance, Side

MAX_PAGE = 200


class StatementLine(NamedTuple):
    """One entry as its account's owner reads it; `change_minor` is negative for money out.

    `balance_after_minor` is None on a hot account.
    """

    entry_id: int
    journal_id: uuid.UUID
    kind: str
    reference: str
    narrative: str
    posted_at: datetime
    business_date: date
    change_minor: int
    currency: str
    balance_after_minor: int | None


class Page(NamedTuple):
    """A page of a statement, newest entry first; `after` asks for the next one."""

    lines: list[StatementLine]
    after: str | None


def account_id(code: str) -> uuid.UUID:
    """The id of the account with this code; no look-up, so no promise that it is open."""
    return values.account_id(code)


def account(account_id: uuid.UUID) -> Account:
    """The account itself; read its balance with `balance`.

    Raises:
        UnknownAccount: there is none.
    """
    found = Account.objects.filter(id=account_id).first()
    if found is None:
        raise UnknownAccount(account_id=str(account_id))
    return found


def accounts_of(owner_id: uuid.UUID) -> list[Account]:
    """The accounts of one owner, in order of code."""
    return list(Account.objects.filter(owner_id=owner_id).order_by("code"))


def balance(account_id: uuid.UUID) -> Balance:
    """What an account holds now, in minor units on its normal side.

    Raises:
        UnknownAccount: there is none.
    """
    found = account(account_id)
    posted_minor = found.posted_minor + (unfolded_minor(account_id) if found.hot else 0)
    return Balance(posted_minor, found.held_minor, posted_minor - found.held_minor, found.currency)


def unfolded_minor(account_id: uuid.UUID) -> int:
    """The sum of a hot account's amounts that its row does not carry yet."""
    rows = UnfoldedAmount.objects.filter(account_id=account_id)
    return rows.aggregate(total=Sum("change_minor"))["total"] or 0


def balance_at(account_id: uuid.UUID, at: datetime) -> int:
    """An account's posted balance in minor units just after all its entries up to `at`.

    An index look-up: the last entry carries the balance after it. A hot account takes
    its last checkpoint and the entries since.

    Raises:
        UnknownAccount: there is none.
    """
    found = account(account_id)
    entries = Entry.objects.filter(account_id=account_id, posted_at__lte=at)
    if not found.hot:
        last = entries.order_by("-posted_at", "-id").first()
        return 0 if last is None else last.balance_after_minor or 0
    start = (
        Checkpoint.objects.filter(account_id=account_id, taken_for__lte=at)
        .order_by("-taken_for")
        .first()
    )
    if start is None:
        return change_minor(entries, Side(found.normal_side))
    since = entries.filter(posted_at__gte=start.taken_for)
    return start.balance_minor + change_minor(since, Side(found.normal_side))


def change_minor(entries: QuerySet[Entry], normal_side: Side) -> int:
    """What a set of one account's entries does to its balance, in minor units."""
    signed = Case(When(side=normal_side, then=F("amount_minor")), default=-F("amount_minor"))
    return entries.aggregate(total=Sum(signed))["total"] or 0


def statement(account_id: uuid.UUID, after: str | None = None, limit: int = 20) -> Page:
    """A page of an account's entries, newest first.

    Args:
        account_id: the account.
        after: the cursor of the page before, or None for the newest entries.
        limit: at most so many entries, 1 to MAX_PAGE.

    Raises:
        UnknownAccount: there is no such account.
        BadCursor: the cursor is not one of ours.
    """
    found = account(account_id)
    limit = min(max(limit, 1), MAX_PAGE)
    entries = Entry.objects.filter(account_id=account_id)
    if after:
        posted_at, entry_id = _read_cursor(after)
        entries = entries.filter(
            Q(posted_at__lt=posted_at) | Q(posted_at=posted_at, id__lt=entry_id)
        )
    rows = list(entries.select_related("journal").order_by("-posted_at", "-id")[: limit + 1])
    lines = [_line(entry, Side(found.normal_side)) for entry in rows[:limit]]
    return Page(lines, _cursor(rows[limit - 1]) if len(rows) > limit else None)


def _line(entry: Entry, normal_side: Side) -> StatementLine:
    journal = entry.journal
    return StatementLine(
        entry_id=entry.id,
        journal_id=entry.journal_id,
        kind=journal.kind,
        reference=journal.reference,
        narrative=journal.narrative,
        posted_at=entry.posted_at,
        business_date=entry.business_date,
        change_minor=entry.amount_minor if entry.side == normal_side else -entry.amount_minor,
        currency=entry.currency,
        balance_after_minor=entry.balance_after_minor,
    )


def _cursor(entry: Entry) -> str:
    text = f"{entry.posted_at.isoformat()}|{entry.id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, int]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        moment, _, entry_id = text.partition("|")
        posted_at = datetime.fromisoformat(moment)
        number = int(entry_id)
    except (ValueError, binascii.Error) as error:
        raise BadCursor(field="after") from error
    if posted_at.tzinfo is None or not 0 < number < 2**63:
        raise BadCursor(field="after")
    return posted_at, number


def journal(journal_id: uuid.UUID) -> Journal:
    """A journal; its entries are `journal.entries`.

    Raises:
        UnknownJournal: there is none.
    """
    found = Journal.objects.filter(id=journal_id).first()
    if found is None:
        raise UnknownJournal(journal_id=str(journal_id))
    return found


def journal_by_key(key: str) -> Journal | None:
    """The journal posted for an intent, if it is in the books."""
    return Journal.objects.filter(key=key).first()


def journals_for(reference: str) -> list[Journal]:
    """The journals with a reference, oldest first, entries and accounts fetched along."""
    if not reference:
        return []
    rows = Journal.objects.filter(reference=reference).order_by("posted_at", "id")
    return list(rows.prefetch_related("entries__account"))


def latest_journals(limit: int = 20) -> list[Journal]:
    """The newest journals, newest first, entries and accounts fetched along."""
    rows = Journal.objects.order_by("-id").prefetch_related("entries__account")
    return list(rows[: min(limit, MAX_PAGE)])


def entries_between(
    account_id: uuid.UUID, after: datetime, until: datetime
) -> Iterator[StatementLine]:
    """An account's entries with after < posted_at <= until, oldest first.

    Raises:
        UnknownAccount: there is no such account.
    """
    normal_side = Side(account(account_id).normal_side)
    rows = Entry.objects.filter(
        account_id=account_id, posted_at__gt=after, posted_at__lte=until
    ).select_related("journal")
    for entry in rows.order_by("posted_at", "id").iterator(chunk_size=1000):
        yield _line(entry, normal_side)


def trial_balance() -> dict[str, int]:
    """Debits less credits of the whole books by currency; all zero, or the books are broken."""
    signed = Case(When(side=Side.DEBIT, then=F("amount_minor")), default=-F("amount_minor"))
    rows = Entry.objects.order_by("currency").values("currency").annotate(total=Sum(signed))
    return {row["currency"]: row["total"] for row in rows}


def hold(hold_id: uuid.UUID) -> Hold:
    """A hold.

    Raises:
        UnknownHold: there is none.
    """
    found = Hold.objects.filter(id=hold_id).first()
    if found is None:
        raise UnknownHold(hold_id=str(hold_id))
    return found


def latest_proof() -> Proof | None:
    """The last nightly proof of the books, or None before the first night."""
    return Proof.objects.order_by("-proved_at", "-id").first()


def hot_accounts_with_unfolded() -> Sequence[uuid.UUID]:
    """Accounts with amounts to fold."""
    rows = UnfoldedAmount.objects.order_by("account_id").values_list("account_id", flat=True)
    return list(rows.distinct())
