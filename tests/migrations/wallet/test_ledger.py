"""The database guards the books by itself: each guard is tried in plain SQL.

Alice holds 100.00 CNY from one journal.
"""

import uuid

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from tests.factories.ledger import NOON, funded_wallet, move, open_wallet
from wallet.ledger.models import Account, Entry, Hold, Journal
from wallet.ledger.usecases.post_journals import post_journal
from wallet.ledger.usecases.reverse_journal import reverse_journal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def alice() -> uuid.UUID:
    return funded_wallet("alice", 100_00)


def refused(sql: str, *values: object) -> bool:
    """Whether the database refuses a statement."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except DatabaseError:
        return True
    return False


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_journal SET narrative = 'x'",
        "DELETE FROM ledger_journal",
        "UPDATE ledger_entry SET amount_minor = amount_minor + 1",
        "DELETE FROM ledger_entry",
        "DELETE FROM ledger_account",
        "UPDATE ledger_account SET currency = 'USD'",
        "UPDATE ledger_account SET code = code || 'x'",
        "UPDATE ledger_account SET normal_side = 'DEBIT' WHERE normal_side = 'CREDIT'",
    ],
)
def test_history_and_what_it_means_cannot_be_changed(sql: str) -> None:
    assert refused(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_account SET posted_minor = -1 WHERE floor_minor = 0",
        "UPDATE ledger_account SET held_minor = posted_minor + 1 WHERE floor_minor = 0",
        "UPDATE ledger_account SET held_minor = -1",
        "UPDATE ledger_account SET state = 'ASLEEP'",
        "UPDATE ledger_account SET unit = 100",
    ],
)
def test_no_balance_falls_below_its_floor(sql: str) -> None:
    assert refused(sql)


def test_what_is_no_history_may_change() -> None:
    assert not refused("UPDATE ledger_account SET state = 'FROZEN'")


def test_an_account_saved_as_it_is_passes_the_guards(alice: uuid.UUID) -> None:
    Account.objects.get(id=alice).save()


def test_a_journal_is_reversed_once(alice: uuid.UUID) -> None:
    paid = post_journal(move(alice, open_wallet("bob"), 1))
    undone = reverse_journal(journal_id=paid, posted_at=NOON, business_date=NOON.date())
    twin = Journal.objects.get(id=undone)
    twin.id, twin.key = uuid.uuid4(), "another"
    open_gate()
    with (
        pytest.raises(DatabaseError, match=r"reversal_of|reversed_once|written once"),
        transaction.atomic(),
    ):
        twin.save(force_insert=True)


def test_a_key_is_used_once(alice: uuid.UUID) -> None:
    twin = Journal.objects.get()
    twin.id = uuid.uuid4()
    open_gate()
    with pytest.raises(DatabaseError, match=r"key|written once"), transaction.atomic():
        twin.save(force_insert=True)


@pytest.mark.parametrize("changed", [{"amount_minor": 0}, {"side": "BOTH"}])
def test_an_entry_has_an_amount_and_a_side(changed: dict[str, object]) -> None:
    entry = Entry.objects.first()
    assert entry is not None
    open_gate()
    for name, value in {**changed, "id": None}.items():
        setattr(entry, name, value)
    with pytest.raises(DatabaseError), transaction.atomic():
        entry.save(force_insert=True)


@pytest.mark.parametrize(
    "changed",
    [{"amount_minor": 0}, {"state": "CAPTURED"}, {"state": "HELD", "journal_id": uuid.uuid4()}],
)
def test_a_hold_is_in_one_state(alice: uuid.UUID, changed: dict[str, object]) -> None:
    plain = {"amount_minor": 1, "currency": "CNY", "placed_at": NOON, "expires_at": NOON}
    with pytest.raises(DatabaseError), transaction.atomic():
        Hold.objects.create(id=uuid.uuid4(), key="h", account_id=alice, **{**plain, **changed})


@pytest.mark.postgres
def test_journals_and_entries_come_from_posting_alone() -> None:
    entry, journal = Entry.objects.first(), Journal.objects.first()
    assert entry is not None
    assert journal is not None
    journal.id, journal.key, entry.id = uuid.uuid4(), "smuggled", 0
    for row in (journal, entry):
        with pytest.raises(DatabaseError, match="post a journal instead"), transaction.atomic():
            row.save(force_insert=True)


@pytest.mark.postgres
def test_the_gate_is_shut_again_after_posting(alice: uuid.UUID) -> None:
    post_journal(move(alice, open_wallet("bob"), 1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('saoma.posting', true)")
        assert cursor.fetchone() == ("off",)


@pytest.mark.postgres
@pytest.mark.parametrize(
    "call",
    [
        "ledger_post_pair('k', 'x', a.id, b.id, 0, 'CNY', now(), current_date, '', '')",
        "ledger_post_pair('k', 'x', a.id, b.id, -1, 'CNY', now(), current_date, '', '')",
        "ledger_post_pair('k', 'x', a.id, a.id, 1, 'CNY', now(), current_date, '', '')",
        (
            "ledger_post_lines('{k}', '{x}', '{now}', '{today}', '{\"\"}', '{\"\"}', '{NULL}',"
            " '{1,1}', '{1,2}', ARRAY[a.id, b.id], '{DEBIT,CREDIT}', '{2,1}', '{CNY,CNY}')"
        ),
    ],
)
def test_the_functions_refuse_what_makes_money(call: str) -> None:
    assert refused(
        f"SELECT {call} FROM ledger_account a, ledger_account b"
        " WHERE a.code = 'user:alice:available' AND b.code = 'asset:custodian_bank'"
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_the_migrations_go_back_and_forth() -> None:
    MigrationExecutor(connection).migrate([("ledger", None)])
    # What stands on the ledger went back with it.
    call_command("migrate", verbosity=0)
    funded_wallet("carol", 1_00)
    assert refused("DELETE FROM ledger_entry")


def open_gate() -> None:
    """Let rows in past the posting functions, to try the guards behind them."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('saoma.posting', 'on', true)")
