"""The ledger's due work: when each job is due, and that the clock runs it."""

import uuid
from datetime import datetime, timedelta

import pytest

from config.kernel import clock
from tests.factories.clock import advance
from tests.factories.ledger import fund, open_books_now, open_shop, open_wallet
from tests.factories.settlement import noon
from wallet.ledger import queries, tasks
from wallet.ledger.models import Checkpoint, PendingDelta
from wallet.ledger.usecases.place_hold import place_hold

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> uuid.UUID:
    account_id = open_shop()
    fund(account_id, 5_00, at=clock.now())
    return account_id


def test_nothing_is_due_in_empty_books() -> None:
    assert tasks.next_roll_up() is None
    assert tasks.next_expiry() is None


def test_pending_deltas_are_rolled_up_within_seconds(shop: uuid.UUID) -> None:
    advance(seconds=6)
    assert not PendingDelta.objects.exists()
    assert queries.balance(shop).posted_minor == 5_00


def test_holds_lapse_by_the_clock() -> None:
    alice = open_wallet("alice")
    fund(alice, 5_00, at=clock.now())
    until = clock.now() + timedelta(hours=1)
    place_hold(key="h", account_id=alice, amount_minor=5_00, expires_at=until)
    assert tasks.next_expiry() == until
    advance(hours=2)
    assert queries.balance(alice).held_minor == 0


def test_checkpoints_are_taken_each_night(shop: uuid.UUID) -> None:
    # A night's checkpoint is of the midnight before it: in between, the day is not over.
    noon()
    advance(days=1)
    advance(days=1)
    fund(shop, 1_00, at=clock.now())
    advance(days=1)
    kept = Checkpoint.objects.filter(account_id=shop).values_list("balance_minor", flat=True)
    assert list(kept) == [5_00, 6_00]


def test_the_night_is_at_half_past_two_in_shanghai() -> None:
    due = tasks.next_night()
    assert due is not None
    assert (due.hour, due.minute, str(due.tzinfo)) == (2, 30, "Asia/Shanghai")


def test_one_night_follows_another() -> None:
    open_books_now()
    first = tasks.next_night()
    assert first is not None
    advance_to(first)
    assert tasks.next_night() == first + timedelta(days=1)


def advance_to(moment: datetime) -> None:
    advance(seconds=(moment - clock.now()).total_seconds() + 1)
