"""Ledger accounts, drafts and balances for tests, made by the real use cases."""

import itertools
import uuid
from datetime import UTC, date, datetime

from config.kernel import clock
from wallet.ledger import queries
from wallet.ledger.models import Account
from wallet.ledger.usecases.open_account import open_account, open_system_account
from wallet.ledger.usecases.post_journals import post_journal
from wallet.ledger.values import AccountKind, Draft, Line, Side, credit, debit

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MARCH_FIRST = date(2026, 3, 1)
BANK = "asset:custodian_bank"
_numbers = itertools.count(1)


def open_wallet(name: str = "alice", *, currency: str = "CNY", floor_minor: int = 0) -> uuid.UUID:
    """A customer's wallet: not hot, may not fall below its floor."""
    return open_account(
        code=f"user:{name}:available",
        kind=AccountKind.CLIENT_LIABILITY,
        currency=currency,
        normal_side=Side.CREDIT,
        floor_minor=floor_minor,
    )


def open_shop(name: str = "bakery", *, unit: int = 0) -> uuid.UUID:
    """A merchant's pending account: hot, may not fall below zero."""
    return open_account(
        code=f"merchant:{name}:pending",
        kind=AccountKind.CLIENT_LIABILITY,
        currency="CNY",
        normal_side=Side.CREDIT,
        hot=True,
        unit=unit,
    )


def bank() -> uuid.UUID:
    """Client money at the bank: hot, no floor."""
    return open_system_account(BANK)


def open_books_now() -> None:
    """Date the books from now: a test database is older than its tests, perhaps by a night."""
    Account.objects.filter(id=queries.account_id(BANK)).update(opened_at=clock.now())


def new_key(word: str = "test") -> str:
    """A key that no other draft of this process has."""
    return f"{word}:{next(_numbers)}"


def draft(*lines: Line, key: str | None = None, at: datetime = NOON, kind: str = "test") -> Draft:
    """A draft of these lines."""
    return Draft(
        key=key or new_key(),
        kind=kind,
        lines=lines,
        posted_at=at,
        business_date=at.date(),
        reference="order-1",
    )


def move(
    source: uuid.UUID,
    target: uuid.UUID,
    amount_minor: int,
    *,
    key: str | None = None,
    at: datetime = NOON,
    kind: str = "payment",
) -> Draft:
    """A draft that debits one account and credits another."""
    lines = debit(source, amount_minor, "CNY"), credit(target, amount_minor, "CNY")
    return draft(*lines, key=key, at=at, kind=kind)


def fund(account_id: uuid.UUID, amount_minor: int, *, at: datetime = NOON) -> uuid.UUID:
    """Top an account up from the bank."""
    return post_journal(move(bank(), account_id, amount_minor, at=at, kind="topup"))


def funded_wallet(name: str = "alice", amount_minor: int = 100_00) -> uuid.UUID:
    """A customer's wallet with money in it."""
    wallet = open_wallet(name)
    fund(wallet, amount_minor)
    return wallet


def posted(account_id: uuid.UUID) -> int:
    """What an account holds, in fen."""
    return queries.balance(account_id).posted_minor


def available(account_id: uuid.UUID) -> int:
    """What can leave an account, in fen."""
    return queries.balance(account_id).available_minor
