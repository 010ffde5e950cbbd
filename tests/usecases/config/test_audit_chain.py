"""The audit chain finds what was edited, removed or re-ordered."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from config.kernel.audit import chain
from config.kernel.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


def record_three() -> None:
    for number in range(3):
        chain.record(action="test.act", actor="operator:1", target=f"thing:{number}")


def tamper(sql: str) -> None:
    """Change the table as somebody would who has taken the triggers off."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER audit_event_no_update")
            cursor.execute("DROP TRIGGER audit_event_no_delete")
        cursor.execute(sql)


def test_holds_after_three_events() -> None:
    record_three()
    proof = chain.verify()
    assert (proof.events, proof.breaks) == (3, [])


def test_finds_an_edited_row() -> None:
    record_three()
    tamper("UPDATE audit_auditevent SET actor = 'operator:2' WHERE seq = 2")
    assert chain.verify().breaks == ["row 2 was edited"]


def test_finds_a_removed_row() -> None:
    record_three()
    tamper("DELETE FROM audit_auditevent WHERE seq = 2")
    assert "rows 2 to 2 are gone" in chain.verify().breaks


def test_finds_a_cut_tail() -> None:
    record_three()
    tamper("DELETE FROM audit_auditevent WHERE seq = 3")
    assert chain.verify().breaks == ["the chain ends at row 2, its head says 3"]


def test_finds_a_cut_tail_by_its_root_when_the_head_was_forged_too() -> None:
    record_three()
    chain.sign_root(date(2026, 3, 1))
    tamper("DELETE FROM audit_auditevent WHERE seq = 3")
    second = AuditEvent.objects.get(seq=2)
    tamper_head = "UPDATE audit_audithead SET seq = 2, hash = %s"
    with connection.cursor() as cursor:
        cursor.execute(tamper_head, [second.hash])
    assert chain.verify().breaks == ["root of 2026-03-01: row 3 is gone"]


def test_finds_swapped_rows() -> None:
    record_three()
    tamper("UPDATE audit_auditevent SET target = 'thing:9' WHERE seq IN (1, 2)")
    assert len(chain.verify().breaks) == 2


@pytest.mark.parametrize(
    "sql", ["UPDATE audit_auditevent SET actor = 'x'", "DELETE FROM audit_auditevent"]
)
def test_the_database_refuses_to_change_a_row(sql: str) -> None:
    record_three()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert chain.verify().breaks == []


def test_a_day_has_one_root() -> None:
    record_three()
    first = chain.sign_root(date(2026, 3, 1))
    record_three()
    assert chain.sign_root(date(2026, 3, 1)).seq == first.seq == 3
    assert chain.verify().breaks == []
