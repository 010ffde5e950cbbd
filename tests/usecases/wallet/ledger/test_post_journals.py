"""post_journals: each draft is decided in order, wholly or not at all.

Alice begins with 100.00 CNY. Balances are read back from the ledger.
"""

import uuid
from datetime import timedelta

import pytest

from config.kernel.errors import InvariantBroken
from tests.factories.ledger import (
    NOON,
    available,
    bank,
    draft,
    funded_wallet,
    move,
    open_shop,
    open_wallet,
    posted,
)
from tests.usecases.wallet.ledger.conftest import Post
from wallet.ledger import queries
from wallet.ledger.models import Entry, Journal
from wallet.ledger.rules import (
    CurrencyMismatch,
    InsufficientFunds,
    JournalKeyConflict,
    UnknownAccount,
)
from wallet.ledger.usecases.close_account import close_account
from wallet.ledger.usecases.freeze_account import freeze_account
from wallet.ledger.usecases.place_hold import place_hold
from wallet.ledger.usecases.post_journals import post_journal, post_journals
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.ledger.values import Draft, Outcome, credit, debit

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> uuid.UUID:
    return funded_wallet("alice", 100_00)


@pytest.fixture
def bob() -> uuid.UUID:
    return open_wallet("bob")


def outcomes(post: Post, *drafts: Draft) -> list[Outcome]:
    return [result.outcome for result in post(drafts)]


def test_moves_money_from_payer_to_payee(post: Post, alice: uuid.UUID, bob: uuid.UUID) -> None:
    [result] = post([move(alice, bob, 30_00)])
    assert (result.outcome, result.account_id) == (Outcome.POSTED, None)
    assert (posted(alice), posted(bob)) == (70_00, 30_00)


def test_writes_one_journal_and_its_entries(post: Post, alice: uuid.UUID, bob: uuid.UUID) -> None:
    post([move(alice, bob, 30_00, key="k-1")])
    journal = Journal.objects.get(key="k-1")
    lines = [
        (e.line_no, e.account_id, e.side, e.amount_minor, e.balance_after_minor)
        for e in journal.entries.order_by("line_no")
    ]
    assert (journal.key, journal.kind, journal.reference) == ("k-1", "payment", "order-1")
    assert lines == [(1, alice, "DEBIT", 30_00, 70_00), (2, bob, "CREDIT", 30_00, 30_00)]


def test_takes_the_last_fen_and_not_one_more(post: Post, alice: uuid.UUID, bob: uuid.UUID) -> None:
    assert outcomes(post, move(alice, bob, 100_01)) == [Outcome.INSUFFICIENT]
    assert outcomes(post, move(alice, bob, 100_00)) == [Outcome.POSTED]
    assert (posted(alice), posted(bob)) == (0, 100_00)


def test_names_the_account_that_is_short(post: Post, alice: uuid.UUID, bob: uuid.UUID) -> None:
    [result] = post([move(bob, alice, 1)])
    assert result == (Outcome.INSUFFICIENT, None, bob)


def test_writes_nothing_when_it_refuses(post: Post, alice: uuid.UUID, bob: uuid.UUID) -> None:
    before = Journal.objects.count(), Entry.objects.count()
    post([move(alice, bob, 100_01)])
    assert (Journal.objects.count(), Entry.objects.count()) == before


def test_answers_a_repetition_with_the_first_journal(
    post: Post, alice: uuid.UUID, bob: uuid.UUID
) -> None:
    [first] = post([move(alice, bob, 60_00, key="once")])
    [again] = post([move(alice, bob, 60_00, key="once")])
    assert again == (Outcome.REPLAYED, first.journal_id, None)
    assert posted(bob) == 60_00


def test_answers_a_repetition_after_the_money_has_gone(
    post: Post, alice: uuid.UUID, bob: uuid.UUID
) -> None:
    [first] = post([move(alice, bob, 100_00, key="once")])
    freeze_account(account_id=alice)
    assert post([move(alice, bob, 100_00, key="once")])[0] == (
        Outcome.REPLAYED,
        first.journal_id,
        None,
    )


@pytest.mark.parametrize("amount_minor", [59_99, 60_01])
def test_refuses_a_known_key_with_another_amount(
    post: Post, alice: uuid.UUID, bob: uuid.UUID, amount_minor: int
) -> None:
    post([move(alice, bob, 60_00, key="once")])
    [result] = post([move(alice, bob, amount_minor, key="once")])
    assert result == (Outcome.KEY_CONFLICT, None, None)


def test_refuses_a_known_key_of_another_kind_or_payee(
    post: Post, alice: uuid.UUID, bob: uuid.UUID
) -> None:
    carol = open_wallet("carol")
    post([move(alice, bob, 60_00, key="once")])
    assert outcomes(post, move(alice, carol, 60_00, key="once")) == [Outcome.KEY_CONFLICT]
    assert outcomes(post, move(alice, bob, 60_00, key="once", kind="x")) == [Outcome.KEY_CONFLICT]


def test_a_refused_key_may_be_tried_again(post: Post, alice: uuid.UUID, bob: uuid.UUID) -> None:
    assert outcomes(post, move(bob, alice, 5_00, key="try")) == [Outcome.INSUFFICIENT]
    post([move(alice, bob, 5_00)])
    assert outcomes(post, move(bob, alice, 5_00, key="try")) == [Outcome.POSTED]


def test_refuses_an_account_that_does_not_exist(post: Post, alice: uuid.UUID) -> None:
    nobody = uuid.uuid4()
    assert post([move(alice, nobody, 1)])[0] == (Outcome.UNKNOWN_ACCOUNT, None, nobody)
    assert post([move(nobody, alice, 1)])[0] == (Outcome.UNKNOWN_ACCOUNT, None, nobody)


def test_refuses_a_line_in_another_currency_than_its_account(post: Post, alice: uuid.UUID) -> None:
    dollars = open_wallet("dollars", currency="USD")
    assert post([move(alice, dollars, 1)])[0] == (Outcome.CURRENCY_MISMATCH, None, dollars)
    assert post([move(dollars, alice, 1)])[0] == (Outcome.CURRENCY_MISMATCH, None, dollars)


def test_lets_money_into_a_frozen_account_but_not_out(
    post: Post, alice: uuid.UUID, bob: uuid.UUID
) -> None:
    post([move(alice, bob, 10_00)])
    freeze_account(account_id=bob)
    assert post([move(bob, alice, 1_00)])[0] == (Outcome.FROZEN, None, bob)
    assert outcomes(post, move(alice, bob, 1_00)) == [Outcome.POSTED]


def test_a_closed_account_takes_nothing(post: Post, alice: uuid.UUID, bob: uuid.UUID) -> None:
    close_account(account_id=bob)
    assert post([move(alice, bob, 1)])[0] == (Outcome.CLOSED, None, bob)
    assert post([move(bob, alice, 1)])[0] == (Outcome.CLOSED, None, bob)


def test_what_is_held_cannot_be_spent(post: Post, alice: uuid.UUID, bob: uuid.UUID) -> None:
    place_hold(key="h", account_id=alice, amount_minor=40_00, expires_at=NOON + timedelta(days=1))
    assert outcomes(post, move(alice, bob, 60_01)) == [Outcome.INSUFFICIENT]
    assert outcomes(post, move(alice, bob, 60_00)) == [Outcome.POSTED]
    assert (posted(alice), available(alice)) == (40_00, 0)


def test_a_floor_below_zero_is_an_overdraft(post: Post, bob: uuid.UUID) -> None:
    trusted = open_wallet("trusted", floor_minor=-50_00)
    assert outcomes(post, move(trusted, bob, 50_01)) == [Outcome.INSUFFICIENT]
    assert outcomes(post, move(trusted, bob, 50_00)) == [Outcome.POSTED]
    assert posted(trusted) == -50_00


def test_decides_a_batch_in_order(post: Post, alice: uuid.UUID, bob: uuid.UUID) -> None:
    assert outcomes(
        post,
        move(bob, alice, 1_00),
        move(alice, bob, 60_00),
        move(bob, alice, 20_00),
        move(alice, bob, 60_01),
        move(alice, bob, 60_00),
    ) == [
        Outcome.INSUFFICIENT,
        Outcome.POSTED,
        Outcome.POSTED,
        Outcome.INSUFFICIENT,
        Outcome.POSTED,
    ]
    assert (posted(alice), posted(bob)) == (0, 100_00)


def test_spends_in_a_batch_what_came_in_earlier_in_it(
    post: Post, alice: uuid.UUID, bob: uuid.UUID
) -> None:
    carol = open_wallet("carol")
    assert outcomes(post, move(alice, bob, 70_00), move(bob, carol, 70_00)) == [
        Outcome.POSTED,
        Outcome.POSTED,
    ]
    assert (posted(alice), posted(bob), posted(carol)) == (30_00, 0, 70_00)


def test_one_refusal_in_a_batch_leaves_the_others(
    post: Post, alice: uuid.UUID, bob: uuid.UUID
) -> None:
    nobody = uuid.uuid4()
    assert outcomes(post, move(alice, bob, 1), move(alice, nobody, 1), move(alice, bob, 2)) == [
        Outcome.POSTED,
        Outcome.UNKNOWN_ACCOUNT,
        Outcome.POSTED,
    ]
    assert posted(bob) == 3


def test_a_key_twice_in_a_batch_counts_once(post: Post, alice: uuid.UUID, bob: uuid.UUID) -> None:
    first, again, other = post(
        [
            move(alice, bob, 5_00, key="twin"),
            move(alice, bob, 5_00, key="twin"),
            move(alice, bob, 6_00, key="twin"),
        ]
    )
    assert first.outcome is Outcome.POSTED
    assert again == (Outcome.REPLAYED, first.journal_id, None)
    assert other.outcome is Outcome.KEY_CONFLICT
    assert posted(bob) == 5_00


def test_mixes_known_and_new_keys_in_a_batch(post: Post, alice: uuid.UUID, bob: uuid.UUID) -> None:
    known = move(alice, bob, 5_00)
    post([known])
    assert outcomes(post, move(alice, bob, 1_00), known, move(alice, bob, 2_00)) == [
        Outcome.POSTED,
        Outcome.REPLAYED,
        Outcome.POSTED,
    ]
    assert posted(bob) == 8_00


def test_running_balances_follow_the_batch(post: Post, alice: uuid.UUID, bob: uuid.UUID) -> None:
    post([move(alice, bob, amount) for amount in (1_00, 2_00, 3_00)])
    after = Entry.objects.filter(account_id=alice).order_by("id")
    assert [e.balance_after_minor for e in after] == [100_00, 99_00, 97_00, 94_00]


def test_takes_a_journal_of_many_lines(post: Post, alice: uuid.UUID, bob: uuid.UUID) -> None:
    shop = open_shop()
    split = draft(debit(alice, 10_00, "CNY"), credit(bob, 3_00, "CNY"), credit(shop, 7_00, "CNY"))
    assert outcomes(post, split) == [Outcome.POSTED]
    assert (posted(alice), posted(bob), posted(shop)) == (90_00, 3_00, 7_00)


def test_money_that_passes_through_an_account_needs_no_balance(
    post: Post, alice: uuid.UUID, bob: uuid.UUID
) -> None:
    carol = open_wallet("carol")
    through = draft(
        debit(bob, 5_00, "CNY"),
        credit(carol, 5_00, "CNY"),
        debit(alice, 5_00, "CNY"),
        credit(bob, 5_00, "CNY"),
    )
    assert outcomes(post, through) == [Outcome.POSTED]
    assert (posted(alice), posted(bob), posted(carol)) == (95_00, 0, 5_00)


def test_a_journal_in_two_currencies_balances_in_each(post: Post, alice: uuid.UUID) -> None:
    dollars = open_wallet("dollars", currency="USD")
    pool = open_wallet("pool", currency="USD", floor_minor=-1_000_00)
    exchange = open_shop("exchange")
    swap = draft(
        debit(alice, 70_00, "CNY"),
        credit(exchange, 70_00, "CNY"),
        debit(pool, 10_00, "USD"),
        credit(dollars, 10_00, "USD"),
    )
    assert outcomes(post, swap) == [Outcome.POSTED]
    assert queries.trial_balance() == {"CNY": 0, "USD": 0}


def test_entries_of_an_account_never_run_backwards_in_time(
    post: Post, alice: uuid.UUID, bob: uuid.UUID
) -> None:
    late = move(alice, bob, 1_00, at=NOON - timedelta(hours=1))
    [result] = post([late])
    journal = queries.journal(result.journal_id or uuid.uuid4())
    times = {e.account_id: e.posted_at for e in journal.entries.all()}
    assert journal.posted_at == NOON - timedelta(hours=1)
    assert times == {alice: NOON, bob: NOON - timedelta(hours=1)}


def test_keeps_text_as_it_is(post: Post, alice: uuid.UUID, bob: uuid.UUID) -> None:
    odd = 'a "quoted" \\ back\\slash, {brace} NULL 钱包 \n line'
    post([move(alice, bob, 1)._replace(narrative=odd, reference='r"1')])
    journal = queries.journals_for('r"1')[0]
    assert journal.narrative == odd


def test_the_books_prove_true_after_all_of_it(post: Post, alice: uuid.UUID, bob: uuid.UUID) -> None:
    shop = open_shop()
    post([move(alice, shop, 10_00), move(alice, bob, 200_00), move(shop, bob, 4_00)])
    post([move(bank(), shop, 5_00, key="k"), move(bank(), shop, 5_00, key="k")])
    verdict = verify_ledger()
    assert [check for check in verdict.checks if not check.passed] == []


def test_posts_no_drafts_without_asking_the_database() -> None:
    assert post_journals([]) == []


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((1, 2), id="unbalanced"),
        pytest.param((0, 0), id="nothing"),
        pytest.param((-5, -5), id="negative"),
    ],
)
def test_a_malformed_draft_is_a_bug_of_the_caller(
    alice: uuid.UUID, bob: uuid.UUID, lines: tuple[int, int]
) -> None:
    broken = draft(debit(alice, lines[0], "CNY"), credit(bob, lines[1], "CNY"))
    with pytest.raises(InvariantBroken):
        post_journals([broken])


def test_post_journal_returns_the_journal_also_when_repeated(
    alice: uuid.UUID, bob: uuid.UUID
) -> None:
    first = post_journal(move(alice, bob, 1_00, key="once"))
    assert post_journal(move(alice, bob, 1_00, key="once")) == first


def test_post_journal_raises_what_stood_in_the_way(alice: uuid.UUID, bob: uuid.UUID) -> None:
    post_journal(move(alice, bob, 1_00, key="once"))
    dollars = open_wallet("dollars", currency="USD")
    for refused, error in (
        (move(alice, bob, 2_00, key="once"), JournalKeyConflict),
        (move(alice, bob, 100_00), InsufficientFunds),
        (move(alice, uuid.uuid4(), 1), UnknownAccount),
        (move(alice, dollars, 1), CurrencyMismatch),
    ):
        with pytest.raises(error):
            post_journal(refused)


def test_a_credit_written_first_is_replayed_like_any_other(
    post: Post, alice: uuid.UUID, bob: uuid.UUID
) -> None:
    upside_down = draft(credit(bob, 5_00, "CNY"), debit(alice, 5_00, "CNY"), key="once")
    assert outcomes(post, upside_down) == [Outcome.POSTED]
    assert outcomes(post, upside_down) == [Outcome.REPLAYED]
