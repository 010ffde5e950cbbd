"""Holds placed, captured and released from many sides at once."""

import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from config.kernel.errors import SaomaError
from tests.factories.ledger import NOON, funded_wallet, move, new_key, open_wallet, posted
from tests.factories.threads import at_once
from wallet.ledger import queries
from wallet.ledger.usecases.capture_hold import capture_hold
from wallet.ledger.usecases.expire_holds import expire_holds
from wallet.ledger.usecases.open_account import open_chart
from wallet.ledger.usecases.place_hold import place_hold
from wallet.ledger.usecases.post_journals import post_journal
from wallet.ledger.usecases.release_hold import release_hold
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = pytest.mark.django_db(transaction=True)
TOMORROW = NOON + timedelta(days=1)


@pytest.fixture
def alice() -> uuid.UUID:
    open_chart()
    return funded_wallet("alice", 20_00)


def reserve(account_id: uuid.UUID, key: str | None = None) -> uuid.UUID:
    return place_hold(
        key=key or new_key("hold"), account_id=account_id, amount_minor=1_00, expires_at=TOMORROW
    )


def outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except SaomaError as refused:
        return refused.code
    return "ok"


def all_at_once(*acts: Callable[[], object]) -> Counter[str]:
    return Counter(at_once([partial(outcome, act) for act in acts]))


def test_of_50_holds_of_1_yuan_on_20_yuan_exactly_20_are_placed(alice: uuid.UUID) -> None:
    assert all_at_once(*[lambda: reserve(alice)] * 50) == {"ok": 20, "insufficient_funds": 30}
    assert queries.balance(alice) == (20_00, 20_00, 0, "CNY")


def test_one_hold_placed_from_many_sides_reserves_once(alice: uuid.UUID) -> None:
    assert len(set(at_once([partial(reserve, alice, "room")] * 12))) == 1
    assert queries.balance(alice).held_minor == 1_00


def test_holds_and_payments_share_one_balance(alice: uuid.UUID) -> None:
    bob = open_wallet("bob")
    acts: list[Callable[[], object]] = []
    for _ in range(15):
        acts += [lambda: reserve(alice), lambda: post_journal(move(alice, bob, 1_00))]
    assert all_at_once(*acts) == {"ok": 20, "insufficient_funds": 10}
    assert queries.balance(alice).available_minor == 0
    assert verify_ledger().passed


def test_a_hold_ends_once_whoever_comes_first(alice: uuid.UUID) -> None:
    bob = open_wallet("bob")
    holds = [reserve(alice) for _ in range(10)]
    acts: list[Callable[[], object]] = []
    for hold in holds:
        acts += [
            partial(capture_hold, hold_id=hold, draft=move(alice, bob, 1_00)),
            partial(release_hold, hold_id=hold),
        ]
    at_once([partial(outcome, act) for act in [*acts, lambda: expire_holds(now=TOMORROW)]])
    captured = sum(queries.hold(hold).state == "CAPTURED" for hold in holds)
    assert (posted(bob), posted(alice)) == (captured * 1_00, 20_00 - captured * 1_00)
    assert queries.balance(alice).held_minor == 0
    assert verify_ledger().passed
