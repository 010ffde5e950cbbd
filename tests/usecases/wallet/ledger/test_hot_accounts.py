"""Hot accounts: what comes in is appended, and added up when somebody must know.

A shop's pending account is hot; the bank's is hot and has no floor.
"""

import uuid
from datetime import timedelta

import pytest

from tests.factories.ledger import NOON, bank, fund, funded_wallet, move, open_shop, posted
from tests.usecases.wallet.ledger.conftest import Post
from wallet.ledger import queries
from wallet.ledger.models import Account, Entry, PendingDelta
from wallet.ledger.rules import InsufficientFunds
from wallet.ledger.usecases.place_hold import place_hold
from wallet.ledger.usecases.release_hold import release_hold
from wallet.ledger.usecases.roll_up_accounts import roll_up_account, roll_up_accounts
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.ledger.values import Outcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> uuid.UUID:
    return funded_wallet("alice", 100_00)


@pytest.fixture
def shop() -> uuid.UUID:
    return open_shop()


def row_minor(account_id: uuid.UUID) -> int:
    return Account.objects.get(id=account_id).posted_minor


def test_a_credit_leaves_the_balance_row_alone(
    post: Post, alice: uuid.UUID, shop: uuid.UUID
) -> None:
    post([move(alice, shop, 5_00)])
    assert (row_minor(shop), posted(shop)) == (0, 5_00)


def test_a_batch_appends_one_amount_for_each_hot_account(
    post: Post, alice: uuid.UUID, shop: uuid.UUID
) -> None:
    post([move(alice, shop, 1_00), move(alice, shop, 2_00), move(alice, shop, 3_00)])
    pending_deltas = PendingDelta.objects.filter(account_id=shop)
    assert [row.change_minor for row in pending_deltas] == [6_00]


def test_entries_of_a_hot_account_carry_no_balance(
    post: Post, alice: uuid.UUID, shop: uuid.UUID
) -> None:
    post([move(alice, shop, 5_00)])
    assert Entry.objects.get(account_id=shop).balance_after_minor is None


def test_a_debit_rolls_up_first_and_sees_every_credit(
    post: Post, alice: uuid.UUID, shop: uuid.UUID
) -> None:
    post([move(alice, shop, 5_00)])
    post([move(alice, shop, 6_00)])
    assert [r.outcome for r in post([move(shop, alice, 11_00)])] == [Outcome.POSTED]
    assert (row_minor(shop), PendingDelta.objects.filter(account_id=shop).count()) == (0, 0)


def test_a_debit_of_more_than_all_credits_is_refused(
    post: Post, alice: uuid.UUID, shop: uuid.UUID
) -> None:
    post([move(alice, shop, 5_00)])
    assert post([move(shop, alice, 5_01)])[0] == (Outcome.INSUFFICIENT, None, shop)
    assert posted(shop) == 5_00


def test_a_batch_may_credit_and_debit_one_hot_account(
    post: Post, alice: uuid.UUID, shop: uuid.UUID
) -> None:
    results = post([move(alice, shop, 5_00), move(shop, alice, 4_00), move(shop, alice, 2_00)])
    assert [r.outcome for r in results] == [Outcome.POSTED, Outcome.POSTED, Outcome.INSUFFICIENT]
    assert posted(shop) == 1_00


def test_an_account_without_floor_is_never_locked_nor_short(post: Post, alice: uuid.UUID) -> None:
    post([move(alice, bank(), 30_00)])
    assert (row_minor(bank()), posted(bank())) == (0, 70_00)


def test_a_roll_up_adds_the_pending_deltas_and_changes_no_balance(
    alice: uuid.UUID, shop: uuid.UUID
) -> None:
    fund(shop, 3_00)
    fund(shop, 4_00)
    assert roll_up_accounts() == 2  # the shop and the bank
    assert (row_minor(shop), posted(shop)) == (7_00, 7_00)
    assert roll_up_accounts() == 0


def test_rolling_up_one_account_tells_its_balance(shop: uuid.UUID) -> None:
    fund(shop, 3_00)
    assert roll_up_account(shop) == 3_00


def test_a_roll_up_takes_more_than_one_handful(shop: uuid.UUID) -> None:
    PendingDelta.objects.bulk_create(
        PendingDelta(account_id=shop, change_minor=1, posted_at=NOON) for _ in range(5_001)
    )
    assert roll_up_account(shop) == 5_001


def test_a_hold_on_a_hot_account_counts_what_waits(shop: uuid.UUID) -> None:
    fund(shop, 3_00)
    tomorrow = NOON + timedelta(days=1)
    with pytest.raises(InsufficientFunds):
        place_hold(key="h", account_id=shop, amount_minor=3_01, expires_at=tomorrow)
    hold = place_hold(key="h", account_id=shop, amount_minor=3_00, expires_at=tomorrow)
    release_hold(hold_id=hold)
    assert queries.balance(shop) == (3_00, 0, 3_00, "CNY")


def test_amounts_come_back_as_whole_numbers(shop: uuid.UUID) -> None:
    fund(shop, 3_00)
    balance = queries.balance(shop)
    amounts = [*balance[:3], queries.balance_at(shop, NOON), queries.trial_balance()["CNY"]]
    assert {type(amount) for amount in amounts} == {int}


def test_the_books_prove_true_with_amounts_waiting(alice: uuid.UUID, shop: uuid.UUID) -> None:
    fund(shop, 3_00)
    assert PendingDelta.objects.exists()
    assert verify_ledger().passed
