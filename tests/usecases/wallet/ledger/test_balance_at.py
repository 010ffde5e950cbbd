"""Balance at a date: the last entry's for ordinary accounts, checkpoints for hot ones."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.factories.ledger import fund, move, open_shop, open_wallet, posted
from wallet.ledger import queries
from wallet.ledger.models import Checkpoint, Entry
from wallet.ledger.rules import UnknownAccount
from wallet.ledger.usecases.post_journals import post_journal
from wallet.ledger.usecases.take_checkpoints import SETTLING, take_checkpoints
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=ZoneInfo("Asia/Shanghai"))
EVENING = MIDNIGHT - timedelta(hours=3)
MORNING = MIDNIGHT + timedelta(hours=8)


@pytest.fixture
def shop() -> uuid.UUID:
    """A shop that takes 5.00 in the evening and 2.00 the next morning."""
    account_id = open_shop()
    fund(account_id, 5_00, at=EVENING)
    fund(account_id, 2_00, at=MORNING)
    return account_id


def checkpoints(account_id: uuid.UUID) -> list[tuple[datetime, int]]:
    rows = Checkpoint.objects.filter(account_id=account_id)
    return list(rows.values_list("taken_for", "balance_minor"))


@pytest.mark.parametrize(
    ("at", "balance_minor"),
    [
        pytest.param(EVENING - timedelta(seconds=1), 0, id="before the first entry"),
        pytest.param(EVENING, 5_00, id="at the moment of an entry"),
        pytest.param(MORNING - timedelta(seconds=1), 5_00, id="between"),
        pytest.param(MORNING + DAY, 7_00, id="after all"),
    ],
)
@pytest.mark.parametrize("open_kind", [open_wallet, open_shop])
def test_tells_what_was_there(
    open_kind: Callable[[str], uuid.UUID], at: datetime, balance_minor: int
) -> None:
    account_id = open_kind("x")
    fund(account_id, 5_00, at=EVENING)
    fund(account_id, 2_00, at=MORNING)
    assert queries.balance_at(account_id, at) == balance_minor


def test_several_accounts_are_asked_at_once_and_one_that_is_not_open_is_left_out(
    shop: uuid.UUID, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    wallet, empty = open_wallet("w"), open_shop("empty")
    fund(wallet, 9_00, at=EVENING)
    take_checkpoints(now=MORNING)
    with django_assert_num_queries(1):
        balances = queries.balances_at([shop, wallet, empty, uuid.uuid4()], MORNING)
    assert balances == {shop: 7_00, wallet: 9_00, empty: 0}


def test_an_unknown_account_is_named() -> None:
    with pytest.raises(UnknownAccount):
        queries.balance_at(uuid.uuid4(), MORNING)


def test_a_checkpoint_keeps_the_balance_at_midnight(shop: uuid.UUID) -> None:
    take_checkpoints(now=MORNING)
    assert checkpoints(shop) == [(MIDNIGHT, 5_00)]


def test_checkpoints_build_on_each_other(shop: uuid.UUID) -> None:
    take_checkpoints(now=MORNING)
    take_checkpoints(now=MORNING + DAY)
    assert checkpoints(shop) == [(MIDNIGHT, 5_00), (MIDNIGHT + DAY, 7_00)]


def test_no_checkpoint_is_taken_twice_nor_where_nothing_moved(shop: uuid.UUID) -> None:
    assert take_checkpoints(now=MORNING) == 2  # the shop and the bank
    assert take_checkpoints(now=MORNING) == 0
    take_checkpoints(now=MORNING + DAY)
    assert take_checkpoints(now=MORNING + 2 * DAY) == 0


def test_waits_until_the_day_has_settled(shop: uuid.UUID) -> None:
    take_checkpoints(now=MIDNIGHT + SETTLING - timedelta(seconds=1))
    assert checkpoints(shop) == []


def test_balances_before_and_after_a_checkpoint_agree(shop: uuid.UUID) -> None:
    moments = [EVENING, MIDNIGHT, MORNING, MORNING + DAY]
    before = [queries.balance_at(shop, at) for at in moments]
    take_checkpoints(now=MORNING + DAY)
    assert [queries.balance_at(shop, at) for at in moments] == before == [5_00, 5_00, 7_00, 7_00]


def test_a_journal_that_comes_late_enters_at_the_checkpoint(shop: uuid.UUID) -> None:
    take_checkpoints(now=MORNING)
    fund(shop, 1_00, at=EVENING)
    assert Entry.objects.get(account_id=shop, amount_minor=1_00).posted_at == MIDNIGHT
    assert queries.balance_at(shop, EVENING) == 5_00
    assert queries.balance_at(shop, MORNING) == posted(shop) == 8_00
    assert verify_ledger().passed


def test_a_debit_counts_too(shop: uuid.UUID) -> None:
    post_journal(move(shop, open_wallet("alice"), 3_00, at=MORNING))
    take_checkpoints(now=MORNING + DAY)
    assert checkpoints(shop) == [(MIDNIGHT + DAY, 4_00)]
    assert verify_ledger().passed
