"""verify_ledger: each kind of damage is found and named.

The damage is done behind the ledger's back, with its guards taken down.
"""

import json
import uuid
from io import StringIO

import pytest
from django.core.management import call_command

from tests.factories.clock import advance
from tests.factories.ledger import (
    NOON,
    fund,
    funded_wallet,
    move,
    open_books_now,
    open_shop,
    open_wallet,
)
from tests.factories.tampering import lift_ledger_guards
from wallet.ledger import queries
from wallet.ledger.models import Account, Checkpoint, Entry, Hold, Journal, PendingDelta, Proof
from wallet.ledger.usecases.place_hold import place_hold
from wallet.ledger.usecases.post_journals import post_journal
from wallet.ledger.usecases.reverse_journal import reverse_journal
from wallet.ledger.usecases.verify_ledger import prove_ledger, verify_ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> uuid.UUID:
    return funded_wallet("alice", 100_00)


@pytest.fixture
def unguarded() -> None:
    """Take the triggers down; the test's transaction puts them back."""
    lift_ledger_guards()


def broken() -> set[str]:
    return {check.name for check in verify_ledger().checks if not check.passed}


def test_finds_nothing_wrong_with_sound_books(alice: uuid.UUID) -> None:
    post_journal(move(alice, open_shop(), 40_00))
    verdict = verify_ledger()
    assert verdict.passed
    assert {c.name: c.figures for c in verdict.checks if c.figures} == {
        "trial_balance_zero": {"CNY": 0},
        "safeguarding": {"CNY": 0},
    }


def test_finds_a_changed_entry(alice: uuid.UUID, unguarded: None) -> None:
    Entry.objects.filter(account_id=alice).update(amount_minor=101_00)
    assert {"journals_balance", "balances_equal_entries", "trial_balance_zero"} <= broken()


def test_finds_a_lost_entry(alice: uuid.UUID, unguarded: None) -> None:
    Entry.objects.filter(account_id=alice).delete()
    assert {"journals_balance", "balances_equal_entries"} <= broken()


def test_finds_a_journal_without_entries(alice: uuid.UUID, unguarded: None) -> None:
    Journal.objects.create(
        id=uuid.uuid4(), key="empty", kind="x", posted_at=NOON, business_date=NOON.date()
    )
    assert broken() == {"journals_have_entries"}


def test_finds_entries_of_a_lost_journal(alice: uuid.UUID, unguarded: None) -> None:
    Journal.objects.all().delete()
    assert broken() == {"entries_belong"}


def test_finds_an_edited_balance(alice: uuid.UUID) -> None:
    Account.objects.filter(id=alice).update(posted_minor=101_00)
    assert broken() == {"balances_equal_entries"}


def test_finds_a_lost_amount_of_a_hot_account() -> None:
    fund(open_shop(), 5_00)
    PendingDelta.objects.all().delete()
    assert "balances_equal_entries" in broken()


def test_finds_an_edited_running_balance(alice: uuid.UUID, unguarded: None) -> None:
    Entry.objects.filter(account_id=alice).update(balance_after_minor=1)
    assert broken() == {"running_balances"}


def test_finds_a_hot_account_below_its_floor() -> None:
    shop = open_shop()
    fund(shop, 5_00)
    PendingDelta.objects.create(account_id=shop, change_minor=-6_00, posted_at=NOON)
    assert "nothing_below_floor" in broken()


def test_finds_money_in_a_closed_account(alice: uuid.UUID) -> None:
    Account.objects.filter(id=alice).update(state="CLOSED")
    assert broken() == {"closed_accounts_empty"}


def test_finds_held_funds_without_a_hold(alice: uuid.UUID) -> None:
    Account.objects.filter(id=alice).update(held_minor=1)
    assert broken() == {"holds_consistent"}


def test_finds_a_captured_hold_without_its_journal(alice: uuid.UUID) -> None:
    hold = place_hold(key="h", account_id=alice, amount_minor=1, expires_at=NOON)
    Hold.objects.filter(id=hold).update(state="CAPTURED", journal_id=uuid.uuid4())
    assert broken() == {"holds_consistent", "captured_holds_posted"}


def test_finds_a_false_checkpoint() -> None:
    shop = open_shop()
    fund(shop, 5_00)
    Checkpoint.objects.create(account_id=shop, taken_for=NOON, balance_minor=5_00)
    assert broken() == {"checkpoints_hold"}


def test_finds_a_reversal_that_does_not_mirror(alice: uuid.UUID, unguarded: None) -> None:
    paid = post_journal(move(alice, open_wallet("bob"), 5_00))
    undone = reverse_journal(journal_id=paid, posted_at=NOON, business_date=NOON.date())
    assert broken() == set()
    Journal.objects.filter(id=undone).update(reversal_of=uuid.uuid4())
    assert broken() == {"reversals_mirror"}


def test_finds_client_money_that_is_not_covered(alice: uuid.UUID) -> None:
    fees = queries.account_id("revenue:mdr")
    assert broken() == set()
    post_journal(move(fees, alice, 5_00, kind="gift"))
    verdict = verify_ledger()
    assert broken() == {"safeguarding"}
    assert [c.figures for c in verdict.checks if c.name == "safeguarding"] == [{"CNY": -5_00}]


def test_shows_the_first_few_breaks(alice: uuid.UUID) -> None:
    Account.objects.filter(id=alice).update(posted_minor=101_00)
    [check] = [c for c in verify_ledger().checks if not c.passed]
    assert check.breaks == ["user:alice:available 10100 10000"]


def test_the_command_prints_the_proof(alice: uuid.UUID) -> None:
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert json.loads(out.getvalue())["passed"] is True


def test_the_command_exits_with_1_on_a_break(alice: uuid.UUID) -> None:
    Account.objects.filter(id=alice).update(posted_minor=101_00)
    out = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_ledger", stdout=out)
    assert stopped.value.code == 1
    assert json.loads(out.getvalue())["passed"] is False


def test_the_result_is_kept(alice: uuid.UUID) -> None:
    assert queries.latest_proof() is None
    proof = prove_ledger()
    assert queries.latest_proof() == proof
    assert proof.passed
    assert {check["name"] for check in proof.checks} >= {"journals_balance", "safeguarding"}


def test_every_night_proves_the_books(alice: uuid.UUID) -> None:
    open_books_now()
    advance(days=3)
    assert Proof.objects.count() == 3
    assert all(Proof.objects.values_list("passed", flat=True))


@pytest.mark.django_db(transaction=True)
def test_proves_from_one_snapshot_of_its_own() -> None:
    fund(open_shop(), 1)
    assert verify_ledger().passed
