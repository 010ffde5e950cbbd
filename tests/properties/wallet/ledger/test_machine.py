"""Whatever is done to the ledger in whatever order, it agrees with the model.

Two wallets and two shops (hot), the bank; every run begins with empty books and ends
with a proof of them.
"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from config.kernel.errors import SaomaError
from tests.factories.ledger import NOON, bank, move, open_shop, open_wallet
from tests.properties.wallet.ledger.model import BANK, ModelLedger
from wallet.ledger import queries
from wallet.ledger.usecases.capture_hold import capture_hold
from wallet.ledger.usecases.freeze_account import freeze_account
from wallet.ledger.usecases.place_hold import place_hold
from wallet.ledger.usecases.post_journals import post_journals
from wallet.ledger.usecases.release_hold import release_hold
from wallet.ledger.usecases.reverse_journal import reverse_journal
from wallet.ledger.usecases.roll_up_accounts import roll_up_accounts
from wallet.ledger.usecases.unfreeze_account import unfreeze_account
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.ledger.values import Draft

pytestmark = pytest.mark.slow

NAMES = ["alice", "bob", "bakery", "cinema"]
names = st.sampled_from(NAMES)
amounts = st.integers(1, 50_00)
moves = st.tuples(st.sampled_from([*NAMES, BANK]), names, amounts).filter(lambda m: m[0] != m[1])
keys = st.integers(1, 30).map("key:{}".format)


AS_ERROR = {
    "POSTED": "OK",
    "REPLAYED": "OK",
    "INSUFFICIENT": "insufficient_funds",
    "FROZEN": "account_frozen",
}


def outcome_of(act: Callable[[], object]) -> str:
    """The code of the error that an act raises, or OK."""
    try:
        act()
    except SaomaError as refused:
        return refused.code
    return "OK"


class LedgerMachine(RuleBasedStateMachine):
    """The real ledger and the model, driven side by side."""

    holds: Bundle[str] = Bundle("holds")

    @initialize()
    def open(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.model = ModelLedger()
        self.accounts: dict[str, uuid.UUID] = {BANK: bank()}
        self.hold_ids: dict[str, uuid.UUID] = {}
        for name in NAMES[:2]:
            self.accounts[name] = open_wallet(name)
        for name in NAMES[2:]:
            self.accounts[name] = open_shop(name)
        for name in self.accounts:
            self.model.open(name)

    def teardown(self) -> None:
        if not hasattr(self, "atomic"):
            return
        try:
            assert [c for c in verify_ledger().checks if not c.passed] == []
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def draft(self, key: str, source: str, target: str, amount: int) -> Draft:
        return move(self.accounts[source], self.accounts[target], amount, key=key, kind="move")

    @rule(name=names, amount=amounts, key=keys)
    def top_up(self, name: str, amount: int, key: str) -> None:
        self.post([(key, BANK, name, amount)])

    @rule(one=moves, key=keys)
    def move_money(self, one: tuple[str, str, int], key: str) -> None:
        self.post([(key, *one)])

    @rule(batch=st.lists(st.tuples(keys, moves), min_size=2, max_size=8))
    def move_in_a_batch(self, batch: list[tuple[str, tuple[str, str, int]]]) -> None:
        self.post([(key, *one) for key, one in batch])

    def post(self, batch: list[tuple[str, str, str, int]]) -> None:
        expected = [self.model.post(*one) for one in batch]
        results = post_journals([self.draft(*one) for one in batch])
        assert [result.outcome.value for result in results] == expected

    @rule(target=holds, name=names, amount=amounts)
    def hold(self, name: str, amount: int) -> str:
        key = f"hold:{len(self.hold_ids)}"
        self.hold_ids[key] = uuid.uuid4()

        def place() -> None:
            self.hold_ids[key] = place_hold(
                key=key,
                account_id=self.accounts[name],
                amount_minor=amount,
                expires_at=NOON + timedelta(days=1),
            )

        assert outcome_of(place) == self.model.hold(key, name, amount)
        return key

    @rule(key=consumes(holds))
    def release(self, key: str) -> None:
        if key in self.model.holds:
            release_hold(hold_id=self.hold_ids[key])
            self.model.end_hold(key)

    @rule(key=consumes(holds), target_name=names)
    def capture(self, key: str, target_name: str) -> None:
        name, amount = self.model.holds.get(key, (target_name, 0))
        if name == target_name or name in self.model.frozen:
            return
        capture_hold(
            hold_id=self.hold_ids[key],
            draft=self.draft(f"capture:{key}", name, target_name, amount),
        )
        self.model.end_hold(key)
        assert self.model.post(f"capture:{key}", name, target_name, amount) == "POSTED"

    @rule(key=keys)
    def reverse(self, key: str) -> None:
        if key not in self.model.journals:
            return
        source, target, amount = self.model.journals[key]
        expected = self.model.post(f"reversal:{key}", target, source, amount)
        journal = queries.journal_by_key(key)
        assert journal is not None
        undo = partial(reverse_journal, posted_at=NOON, business_date=NOON.date())
        assert outcome_of(lambda: undo(journal_id=journal.id)) == AS_ERROR[expected]

    @rule(name=names)
    def freeze(self, name: str) -> None:
        freeze_account(account_id=self.accounts[name])
        self.model.frozen.add(name)

    @precondition(lambda self: self.model.frozen)
    @rule()
    def thaw(self) -> None:
        for name in self.model.frozen:
            unfreeze_account(account_id=self.accounts[name])
        self.model.frozen.clear()

    @rule()
    def roll_up(self) -> None:
        roll_up_accounts()

    @invariant()
    def balances_agree(self) -> None:
        if not hasattr(self, "model"):
            return
        for name, account_id in self.accounts.items():
            balance = queries.balance(account_id)
            assert (name, balance.posted_minor, balance.held_minor) == (
                name,
                self.model.posted[name],
                self.model.held[name],
            )


@pytest.mark.django_db
def test_the_ledger_agrees_with_the_model() -> None:
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
