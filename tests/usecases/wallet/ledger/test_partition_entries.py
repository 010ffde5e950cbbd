"""partition_entries: the entries by placement unit, and posting, proofs and guards as before.

Li sends Mei money before and after the table is laid out anew.
"""

import uuid

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction

from config.kernel.errors import InvariantBroken
from tests.factories.accounts import PIN, make_user
from wallet.accounts.models import WalletUser
from wallet.ledger import queries as ledger
from wallet.ledger.models import Entry
from wallet.ledger.usecases.partition_entries import (
    CannotPartition,
    partition_entries,
    partition_name,
)
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.payments.usecases.transfer_money import transfer_money

SPANS = [(0, 24), (25, 49), (50, 99)]
postgres = pytest.mark.postgres
pytestmark = pytest.mark.django_db


@pytest.fixture
def li() -> WalletUser:
    return make_user(balance_minor=100_00)


def send(payer: WalletUser, phone: str, key: str) -> None:
    transfer_money(key=key, payer_id=payer.id, payee_phone=phone, amount_minor=1_00, pin=PIN)


def plan(account_id: uuid.UUID, unit: int) -> str:
    entries = Entry.objects.filter(account_id=account_id, unit=unit).order_by("-posted_at", "-id")
    return entries[:20].explain()


@postgres
def test_posting_statements_and_the_proof_go_on(li: WalletUser) -> None:
    mei = make_user(name="Mei")
    send(li, mei.phone, "K1")
    before = ledger.statement(li.available_account_id).lines
    assert partition_entries(SPANS) == Entry.objects.count()
    assert ledger.statement(li.available_account_id).lines == before
    last_id = Entry.objects.latest("id").id
    send(li, mei.phone, "K2")
    send(li, mei.phone, "K2")
    assert len(ledger.statement(li.available_account_id).lines) == len(before) + 1
    assert Entry.objects.latest("id").id > last_id
    assert verify_ledger().passed


@postgres
def test_a_statement_reads_its_own_partition_alone(li: WalletUser) -> None:
    partition_entries(SPANS)
    [own] = [span for span in SPANS if span[0] <= li.unit <= span[1]]
    text = plan(li.available_account_id, li.unit)
    assert [partition_name(span) in text for span in SPANS] == [span == own for span in SPANS]


@postgres
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET amount_minor = 1",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "INSERT INTO {} SELECT * FROM {}",
    ],
)
def test_nobody_goes_round_by_a_partitions_name(li: WalletUser, statement: str) -> None:
    partition_entries(SPANS)
    own = next(partition_name(span) for span in SPANS if span[0] <= li.unit <= span[1])
    for table in ("ledger_entry", own):
        refused = pytest.raises(DatabaseError, match="refused")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(table, table))


@postgres
def test_is_done_once_and_with_every_unit_in_one_span() -> None:
    for spans in ([(0, 98)], [(0, 50), (50, 99)]):
        with pytest.raises(InvariantBroken):
            partition_entries(spans)
    call_command("partition_ledger", "0-49", "50-99")
    with pytest.raises(CannotPartition):
        partition_entries(SPANS)


def test_an_odd_span_is_no_span() -> None:
    with pytest.raises(CommandError):
        call_command("partition_ledger", "x-99")


def test_only_postgresql_partitions() -> None:
    if connection.vendor != "postgresql":
        with pytest.raises(CannotPartition):
            partition_entries(SPANS)
