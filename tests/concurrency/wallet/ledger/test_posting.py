"""Posting from many sides at once: no money is made, lost or spent twice.

Real threads (and processes) on the real database. On SQLite writers queue; the figures
must be the same.
"""

import multiprocessing
import random
import threading
import uuid
from collections import Counter
from contextlib import suppress
from functools import partial

import pytest
from django.db import connection, connections

from config.kernel import transactions
from tests.factories.ledger import (
    bank,
    fund,
    funded_wallet,
    move,
    open_shop,
    open_wallet,
    posted,
)
from tests.factories.threads import at_once
from wallet.ledger.models import Journal
from wallet.ledger.usecases.open_account import open_chart
from wallet.ledger.usecases.post_journals import post_journals
from wallet.ledger.usecases.reverse_journal import reverse_journal
from wallet.ledger.usecases.roll_up_accounts import roll_up_accounts
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.ledger.values import Draft, Outcome

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def chart() -> None:
    open_chart()


def breaks() -> list[str]:
    return [check.name for check in verify_ledger().checks if not check.passed]


def count(results: list[list[Outcome]]) -> Counter[str]:
    return Counter(outcome.value for outcomes in results for outcome in outcomes)


def post(*drafts: Draft) -> list[Outcome]:
    return [result.outcome for result in post_journals(drafts)]


def test_of_200_payments_of_1_yuan_from_100_yuan_exactly_100_succeed() -> None:
    alice, shop = funded_wallet("alice", 100_00), open_shop()
    payments = [partial(post, move(alice, shop, 1_00)) for _ in range(200)]
    assert count(at_once(payments, threads=16)) == {"POSTED": 100, "INSUFFICIENT": 100}
    assert (posted(alice), posted(shop), breaks()) == (0, 100_00, [])


def test_of_200_payments_in_batches_exactly_100_succeed() -> None:
    alice, shop = funded_wallet("alice", 100_00), open_shop()
    batches = [partial(post, *(move(alice, shop, 1_00) for _ in range(10))) for _ in range(20)]
    assert count(at_once(batches)) == {"POSTED": 100, "INSUFFICIENT": 100}
    assert (posted(alice), posted(shop), breaks()) == (0, 100_00, [])


@pytest.mark.parametrize("size", [1, 5])
def test_one_key_at_once_from_many_sides_posts_once(size: int) -> None:
    alice, bob = funded_wallet("alice", 100_00), open_wallet("bob")
    drafts = [move(alice, bob, 1_00) for _ in range(size)]
    results = at_once([partial(post_journals, drafts)] * 16, threads=8)
    assert Counter(r.outcome.value for rs in results for r in rs) == {
        "POSTED": size,
        "REPLAYED": 15 * size,
    }
    assert len({r.journal_id for rs in results for r in rs}) == size
    assert posted(bob) == size * 1_00


def test_one_key_at_once_between_hot_accounts_posts_once() -> None:
    draft = move(bank(), open_shop(), 1_00)
    assert count(at_once([partial(post, draft)] * 16)) == {"POSTED": 1, "REPLAYED": 15}
    assert breaks() == []


def test_crossing_transfers_all_end() -> None:
    wallets = [funded_wallet(name, 100_00) for name in "abcd"]
    chance = random.Random(1)
    pairs = [chance.sample(wallets, 2) for _ in range(120)]
    crossing = [partial(post, move(one, other, 10), move(other, one, 20)) for one, other in pairs]
    assert count(at_once(crossing)) == {"POSTED": 240}
    assert (sum(map(posted, wallets)), breaks()) == (400_00, [])


def test_transactions_that_deadlock_are_repeated_and_all_end() -> None:
    one, other = (funded_wallet(name, 100_00) for name in "ab")
    carol = open_wallet("carol")
    met = threading.Barrier(2)

    @transactions.atomic_retry
    def pay_both(first: uuid.UUID, second: uuid.UUID) -> list[Outcome]:
        """Two calls in one transaction, their locks crossing those of the other thread."""
        outcomes = post(move(first, carol, 1_00))
        with suppress(threading.BrokenBarrierError):  # SQLite lets one in at a time
            met.wait(timeout=0.5)
        return outcomes + post(move(second, carol, 1_00))

    acts = [partial(pay_both, one, other), partial(pay_both, other, one)]
    assert count(at_once(acts)) == {"POSTED": 4}
    assert (posted(one), posted(other), posted(carol)) == (98_00, 98_00, 4_00)
    assert breaks() == []


def test_a_hot_account_is_credited_debited_and_rolled_up_at_once() -> None:
    alice, shop = funded_wallet("alice", 100_00), open_shop()
    fund(shop, 10_00)
    credits_ = [partial(post, move(alice, shop, 1_00)) for _ in range(60)]
    refunds = [partial(post, move(shop, alice, 50)) for _ in range(60)]
    roll_ups = [lambda: [Outcome.POSTED] * roll_up_accounts()] * 10
    acts = [act for three in zip(credits_, refunds, roll_ups * 6, strict=True) for act in three]
    at_once(acts, threads=12)
    assert (posted(alice) + posted(shop), breaks()) == (110_00, [])
    assert posted(shop) == 10_00 + 60_00 - 30_00


def test_a_balance_read_while_it_is_rolled_up_is_the_whole_balance() -> None:
    shop = open_shop()
    reads = [lambda: {posted(shop)}] * 60

    def credit_and_roll_up() -> set[int]:
        fund(shop, 1_00)
        roll_up_accounts()
        return set()

    fund(shop, 10_00)
    seen = set().union(*at_once([*reads[:30], credit_and_roll_up, *reads[30:]]))
    assert seen <= {10_00, 11_00}


def test_one_journal_reversed_from_many_sides_goes_back_once() -> None:
    alice, bob = funded_wallet("alice", 100_00), open_wallet("bob")
    [paid] = post_journals([move(alice, bob, 5_00)])
    assert paid.journal_id is not None
    journal = Journal.objects.get(id=paid.journal_id)
    undo = partial(
        reverse_journal,
        journal_id=journal.id,
        posted_at=journal.posted_at,
        business_date=journal.business_date,
    )
    assert len(set(at_once([undo] * 12))) == 1
    assert (posted(alice), breaks()) == (100_00, [])


@pytest.mark.parametrize("seed", range(10))
def test_any_mix_of_hot_and_plain_accounts_keeps_the_books_true(seed: int) -> None:
    """The bank test: whatever happens at once, the total is what was there before."""
    chance = random.Random(seed)
    accounts = [funded_wallet(name, 50_00) for name in "abc"] + [open_shop(n) for n in "xy"]
    hot_share = seed / 9  # from wallets only to the shops only

    def some_move() -> Draft:
        target = chance.choice(accounts[3:] if chance.random() < hot_share else accounts[:3])
        source = chance.choice([account for account in accounts if account != target])
        return move(source, target, chance.randint(1, 30_00))

    acts = [
        partial(post, *(some_move() for _ in range(chance.choice([1, 1, 1, 4])))) for _ in range(60)
    ]
    outcomes = count(at_once([*acts, lambda: [Outcome.POSTED] * (roll_up_accounts() and 0)]))
    assert set(outcomes) <= {"POSTED", "INSUFFICIENT"}
    assert (sum(map(posted, accounts)), breaks()) == (150_00, [])
    assert min(map(posted, accounts)) >= 0
    assert Journal.objects.filter(kind="payment").count() == outcomes["POSTED"]


@pytest.mark.postgres
def test_processes_pay_one_merchant_at_once() -> None:
    payers, shop = [funded_wallet(name, 100_00) for name in "abcd"], open_shop()
    database = connection.settings_dict["NAME"]
    connections.close_all()
    context = multiprocessing.get_context("fork")
    workers = [
        context.Process(target=_pay_often, args=(database, payer, shop, str(number)))
        for number, payer in enumerate(payers)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    assert (posted(shop), breaks()) == (200_00, [])


def _pay_often(database: str, payer: uuid.UUID, shop: uuid.UUID, name: str) -> None:
    """Fifty payments of 1.00, half of them in batches of five."""
    assert connection.settings_dict["NAME"] == database
    for number in range(25):
        assert post(move(payer, shop, 1_00, key=f"{name}:{number}")) == [Outcome.POSTED]
    for number in range(5):
        drafts = [move(payer, shop, 1_00, key=f"{name}:b{number}:{n}") for n in range(5)]
        assert post(*drafts) == [Outcome.POSTED] * 5
    connections.close_all()
