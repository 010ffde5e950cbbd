"""Two dates an entry: when it was made, and from when its amount counts.

Each way of posting is tried; Alice has 100.00 CNY since noon of 1 March.
"""

import uuid
from datetime import timedelta

import pytest

from config.kernel import clock
from config.kernel.errors import InvariantBroken
from tests.factories.clock import advance
from tests.factories.ledger import (
    NOON,
    bank,
    draft,
    fund,
    funded_wallet,
    move,
    open_shop,
    open_wallet,
    posted,
)
from tests.usecases.wallet.ledger.conftest import Post
from wallet.ledger import queries
from wallet.ledger.models import Account, Entry, Journal
from wallet.ledger.rules import ValueDateRefused, earliest_value_at
from wallet.ledger.usecases.post_journals import post_journal, post_journals
from wallet.ledger.usecases.reverse_journal import reverse_journal
from wallet.ledger.usecases.take_checkpoints import take_checkpoints
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.ledger.values import BACKDATING, DateAxis, Outcome, credit, debit

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def alice() -> uuid.UUID:
    return funded_wallet("alice", 100_00)


def at(account_id: uuid.UUID, moment: object) -> tuple[int, int]:
    """What an account held at a moment, by the date of entry and by value date, in fen."""
    assert isinstance(moment, type(NOON))
    by = [queries.balance_at(account_id, moment, by=axis) for axis in DateAxis]
    return by[0], by[1]


def the_entry(account_id: uuid.UUID, amount_minor: int) -> Entry:
    return Entry.objects.get(account_id=account_id, amount_minor=amount_minor)


def test_an_entry_without_a_value_date_counts_from_its_entry(alice: uuid.UUID, post: Post) -> None:
    post([move(alice, open_wallet("bob"), 30_00, at=NOON + DAY)])
    assert set(Entry.objects.values_list("value_at", flat=True)) == {None}
    assert at(alice, NOON + DAY - SECOND) == (100_00, 100_00)
    assert at(alice, NOON + DAY) == (70_00, 70_00)


def test_money_that_counts_later_is_entered_now(alice: uuid.UUID, post: Post) -> None:
    ahead = move(alice, open_wallet("bob"), 30_00)._replace(value_at=NOON + 2 * DAY)
    assert post([ahead])[0].outcome is Outcome.POSTED
    assert the_entry(alice, 30_00).posted_at == NOON
    assert at(alice, NOON + DAY) == (70_00, 100_00)
    assert at(alice, NOON + 2 * DAY) == (70_00, 70_00)
    assert verify_ledger().passed


def test_money_that_counts_earlier_is_entered_now(alice: uuid.UUID, post: Post) -> None:
    back = move(bank(), alice, 5_00, at=NOON + 3 * DAY, kind="bank.reconciled")
    post([back._replace(value_at=NOON + DAY)])
    assert at(alice, NOON + DAY - SECOND) == (100_00, 100_00)
    assert at(alice, NOON + 2 * DAY) == (100_00, 105_00)
    assert at(alice, NOON + 3 * DAY) == (105_00, 105_00)


def test_a_batch_keeps_the_dates_of_each_draft(alice: uuid.UUID, post: Post) -> None:
    shop, bob = open_shop(), open_wallet("bob")
    three = draft(debit(alice, 3_00, "CNY"), credit(bob, 1_00, "CNY"), credit(shop, 2_00, "CNY"))
    post([three._replace(value_at=NOON + DAY), move(alice, shop, 4_00)])
    assert the_entry(bob, 1_00).value_at == the_entry(shop, 2_00).value_at == NOON + DAY
    assert the_entry(shop, 4_00).value_at is None
    assert at(shop, NOON) == (6_00, 4_00)


def test_an_entry_that_is_made_late_keeps_its_own_date(alice: uuid.UUID, post: Post) -> None:
    post([move(alice, open_wallet("bob"), 1_00, at=NOON + 5 * DAY)])
    post([move(bank(), alice, 2_00, at=NOON + DAY)])
    late = the_entry(alice, 2_00)
    assert (late.posted_at, late.value_at) == (NOON + 5 * DAY, NOON + DAY)
    assert at(alice, NOON + 2 * DAY) == (100_00, 102_00)


def test_an_entry_made_after_a_checkpoint_keeps_its_own_date() -> None:
    shop = open_shop()
    fund(shop, 5_00, at=NOON)
    take_checkpoints(now=NOON + DAY)
    fund(shop, 1_00, at=NOON + timedelta(hours=1))
    assert at(shop, NOON + timedelta(hours=2)) == (5_00, 6_00)
    assert at(shop, NOON + DAY) == (6_00, 6_00)
    assert verify_ledger().passed


def test_a_journal_dated_ahead_stamps_no_later_entry(alice: uuid.UUID) -> None:
    bob = open_wallet("bob")
    began, next_year = clock.now(), clock.now() + 365 * DAY
    post_journal(move(alice, bob, 10_00, at=next_year))
    post_journal(move(alice, bob, 1_00, at=clock.now()))
    for account_id in (alice, bob):
        first, second = the_entry(account_id, 10_00), the_entry(account_id, 1_00)
        assert began <= first.posted_at <= second.posted_at <= clock.now()
        assert (first.value_at, second.value_at) == (next_year, None)
    assert Account.objects.get(id=alice).last_posted_at == the_entry(alice, 1_00).posted_at
    assert at(alice, clock.now()) == (89_00, 99_00)
    assert at(alice, next_year) == (89_00, 89_00)
    assert not Journal.objects.filter(posted_at__gt=clock.now()).exists()


def test_a_repeat_with_another_date_is_the_first_journal(alice: uuid.UUID, post: Post) -> None:
    once = move(alice, open_wallet("bob"), 1_00)
    [first], [again] = post([once]), post([once._replace(value_at=NOON + DAY)])
    assert (again.outcome, again.journal_id) == (Outcome.REPLAYED, first.journal_id)


def test_an_ordinary_journal_is_not_dated_back(alice: uuid.UUID) -> None:
    good, back = move(bank(), alice, 1_00), move(bank(), alice, 2_00)
    with pytest.raises(ValueDateRefused) as refused:
        post_journals([good, back._replace(value_at=NOON - SECOND)])
    assert refused.value.fields["earliest"] == NOON.isoformat()
    assert posted(alice) == 100_00


@pytest.mark.parametrize(("kind", "back"), BACKDATING.items())
def test_a_template_says_how_far_back(alice: uuid.UUID, kind: str, back: timedelta) -> None:
    made = NOON + 200 * DAY
    just = move(bank(), alice, 1_00, at=made, kind=kind)._replace(value_at=made - back)
    post_journal(just)
    assert earliest_value_at(kind, made) == just.value_at
    too_far = move(bank(), alice, 2_00, at=made, kind=kind)
    with pytest.raises(ValueDateRefused):
        post_journal(too_far._replace(value_at=made - back - SECOND))
    assert posted(alice) == 101_00


def test_a_value_date_has_a_zone(alice: uuid.UUID) -> None:
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(InvariantBroken):
        post_journal(move(bank(), alice, 1_00)._replace(value_at=naive))


def test_a_reversal_counts_from_when_the_mistake_was_made(alice: uuid.UUID) -> None:
    bob = open_wallet("bob")
    mistake = post_journal(move(alice, bob, 40_00, at=NOON + DAY))
    reverse_journal(
        journal_id=mistake,
        posted_at=NOON + 9 * DAY,
        business_date=(NOON + 9 * DAY).date(),
        value_at=NOON + DAY,
    )
    assert at(alice, NOON + 5 * DAY) == (60_00, 100_00)
    assert at(bob, NOON + 5 * DAY) == (40_00, 0)


def test_an_advanced_clock_lets_entries_be_made_then(alice: uuid.UUID) -> None:
    advance(days=30)
    later = clock.now()
    post_journal(move(bank(), alice, 1_00, at=later))
    assert the_entry(alice, 1_00).posted_at == later


def test_the_statement_tells_both_dates(alice: uuid.UUID) -> None:
    post_journal(move(bank(), alice, 1_00, at=NOON + DAY)._replace(value_at=NOON + 3 * DAY))
    newest, oldest = queries.statement(alice).lines
    assert (newest.posted_at, newest.value_at) == (NOON + DAY, NOON + 3 * DAY)
    assert (oldest.posted_at, oldest.value_at) == (NOON, NOON)
