"""reverse_journal: the same lines on the other sides, once."""

import uuid
from datetime import timedelta

import pytest

from tests.factories.ledger import MARCH_FIRST, NOON, funded_wallet, move, open_wallet, posted
from tests.usecases.wallet.ledger.conftest import Post
from wallet.ledger import queries
from wallet.ledger.rules import AlreadyReversed, InsufficientFunds, UnknownJournal
from wallet.ledger.usecases.post_journals import post_journal
from wallet.ledger.usecases.reverse_journal import reverse_journal
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.ledger.values import Draft, Outcome

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def alice() -> uuid.UUID:
    return funded_wallet("alice", 100_00)


@pytest.fixture
def bob() -> uuid.UUID:
    return open_wallet("bob")


@pytest.fixture
def paid(alice: uuid.UUID, bob: uuid.UUID) -> uuid.UUID:
    return post_journal(move(alice, bob, 30_00))


def undo(journal_id: uuid.UUID) -> uuid.UUID:
    return reverse_journal(journal_id=journal_id, posted_at=LATER, business_date=MARCH_FIRST)


def rival(journal_id: uuid.UUID, alice: uuid.UUID, bob: uuid.UUID) -> Draft:
    """Another reversal of the same journal, under a key of its own."""
    return move(bob, alice, 30_00)._replace(reverses=journal_id)


def test_gives_the_money_back(alice: uuid.UUID, bob: uuid.UUID, paid: uuid.UUID) -> None:
    reversal = queries.journal(undo(paid))
    assert (posted(alice), posted(bob)) == (100_00, 0)
    assert (reversal.reversal_of, reversal.reference) == (paid, "order-1")


def test_reversing_again_returns_the_first_reversal(bob: uuid.UUID, paid: uuid.UUID) -> None:
    assert undo(paid) == undo(paid)
    assert posted(bob) == 0


def test_refuses_when_the_money_has_gone(alice: uuid.UUID, bob: uuid.UUID, paid: uuid.UUID) -> None:
    post_journal(move(bob, open_wallet("carol"), 30_00))
    with pytest.raises(InsufficientFunds):
        undo(paid)


def test_refuses_a_second_reversal_under_another_key(
    post: Post, alice: uuid.UUID, bob: uuid.UUID, paid: uuid.UUID
) -> None:
    undo(paid)
    [result] = post([rival(paid, alice, bob)])
    assert result == (Outcome.ALREADY_REVERSED, None, None)
    with pytest.raises(AlreadyReversed):
        post_journal(rival(paid, alice, bob))


def test_refuses_a_second_reversal_in_one_batch(
    post: Post, alice: uuid.UUID, bob: uuid.UUID, paid: uuid.UUID
) -> None:
    results = post([rival(paid, alice, bob), rival(paid, alice, bob)])
    assert [r.outcome for r in results] == [Outcome.POSTED, Outcome.ALREADY_REVERSED]
    assert posted(alice) == 100_00


def test_an_unknown_journal_is_named() -> None:
    with pytest.raises(UnknownJournal):
        undo(uuid.uuid4())


def test_the_books_prove_true_after_a_reversal(paid: uuid.UUID) -> None:
    undo(paid)
    assert verify_ledger().passed
