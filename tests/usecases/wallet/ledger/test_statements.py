"""Statements page by page, journals by reference, entries of a period."""

import base64
import uuid
from datetime import timedelta

import pytest

from config.kernel.cursors import BadCursor
from tests.factories.ledger import NOON, fund, funded_wallet, move, open_shop, open_wallet
from wallet.ledger import queries
from wallet.ledger.queries import StatementLine
from wallet.ledger.rules import UnknownAccount, UnknownJournal
from wallet.ledger.usecases.post_journals import post_journal, post_journals

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> uuid.UUID:
    """100.00 at noon, then 1.00, 2.00, ... 5.00 spent, the last two in one moment."""
    wallet, bob = funded_wallet("alice", 100_00), open_wallet("bob")
    for number, minute in enumerate([1, 2, 3, 4, 4], start=1):
        at = NOON + timedelta(minutes=minute)
        post_journal(move(wallet, bob, number * 100, at=at))
    return wallet


def changes(lines: list[StatementLine]) -> list[int]:
    return [line.change_minor for line in lines]


def test_shows_the_newest_entry_first(alice: uuid.UUID) -> None:
    page = queries.statement(alice)
    assert changes(page.lines) == [-5_00, -4_00, -3_00, -2_00, -1_00, 100_00]
    assert page.after is None


def test_shows_the_balance_after_each_entry(alice: uuid.UUID) -> None:
    after = [line.balance_after_minor for line in queries.statement(alice).lines]
    assert after == [85_00, 90_00, 94_00, 97_00, 99_00, 100_00]


def test_says_what_each_entry_is_for(alice: uuid.UUID) -> None:
    newest = queries.statement(alice, limit=1).lines[0]
    assert (newest.kind, newest.reference, newest.currency) == ("payment", "order-1", "CNY")


def test_pages_lead_through_all_entries_once(alice: uuid.UUID) -> None:
    seen, after = [], None
    while True:
        page = queries.statement(alice, after, limit=2)
        seen += changes(page.lines)
        after = page.after
        if after is None:
            break
    assert seen == [-5_00, -4_00, -3_00, -2_00, -1_00, 100_00]


def test_an_entry_that_arrives_meanwhile_shifts_no_page(alice: uuid.UUID) -> None:
    first = queries.statement(alice, limit=2)
    fund(alice, 7_00, at=NOON + timedelta(minutes=9))
    assert changes(queries.statement(alice, first.after, limit=2).lines) == [-3_00, -2_00]


@pytest.mark.parametrize(("limit", "count"), [(0, 1), (-5, 1), (10_000, 6)])
def test_a_limit_out_of_range_is_brought_into_it(alice: uuid.UUID, limit: int, count: int) -> None:
    assert len(queries.statement(alice, limit=limit).lines) == count


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        "ÿ",
        "====",
        encoded("2026-03-01|1"),
        encoded("2026-03-01T00:00:00+00:00|x"),
        encoded("2026-03-01T00:00:00+00:00|-1"),
        encoded("2026-03-01T00:00:00+00:00|99999999999999999999"),
        encoded("never|1"),
    ],
)
def test_a_foreign_cursor_is_refused(alice: uuid.UUID, cursor: str) -> None:
    with pytest.raises(BadCursor):
        queries.statement(alice, cursor)


def test_a_hot_account_has_a_statement_without_balances() -> None:
    shop = open_shop()
    fund(shop, 5_00)
    [line] = queries.statement(shop).lines
    assert (line.change_minor, line.balance_after_minor) == (5_00, None)


def test_an_unknown_account_has_none() -> None:
    with pytest.raises(UnknownAccount):
        queries.statement(uuid.uuid4())


def test_entries_of_a_period_come_oldest_first_its_end_included(alice: uuid.UUID) -> None:
    lines = queries.entries_between(alice, NOON + timedelta(minutes=1), NOON + timedelta(minutes=4))
    assert changes(list(lines)) == [-2_00, -3_00, -4_00, -5_00]


def test_finds_journals_by_reference_in_order_of_time(alice: uuid.UUID) -> None:
    late, early = (
        move(alice, open_wallet("bob"), minor, at=NOON + timedelta(minutes=minute))
        for minor, minute in ((20, 20), (10, 10))
    )
    post_journals([draft._replace(reference="order-9") for draft in (late, early)])
    found = queries.journals_for("order-9")
    assert [j.entries.all()[0].amount_minor for j in found] == [10, 20]
    assert queries.journals_for("") == []


def test_finds_a_journal_by_id_and_key(alice: uuid.UUID) -> None:
    newest = queries.latest_journals(1)[0]
    assert queries.journal(newest.id) == queries.journal_by_key(newest.key) == newest
    assert queries.journal_by_key("never used") is None
    with pytest.raises(UnknownJournal):
        queries.journal(uuid.uuid4())
