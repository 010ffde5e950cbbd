"""The audit chain finds what was edited, removed or re-ordered."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from config.kernel import clock, timetable
from config.kernel.audit import anchors, chain
from config.kernel.audit.anchors import Anchor
from config.kernel.audit.models import AuditEvent, AuditHead, AuditSeal
from tests.factories.clock import advance

pytestmark = pytest.mark.django_db


def record_three() -> None:
    for number in range(3):
        chain.record(action="test.act", actor="operator:1", target=f"thing:{number}")


def tamper(*statements: str) -> None:
    """Change the tables as somebody would who has taken the triggers off."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in ("auditevent", "audithead", "auditroot", "auditseal"):
                cursor.execute(f"ALTER TABLE audit_{table} DISABLE TRIGGER USER")
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit_%'"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
        for sql in statements:
            cursor.execute(sql)


def commit_mark() -> None:
    """What happens after each commit; tests do not commit."""
    head = AuditHead.objects.get()
    anchors.raise_mark(Anchor(head.seq, head.hash))


def rewrite_from(seq: int) -> None:
    """Rewrite the tail as somebody who knows how rows are spelled and not the key."""
    previous = AuditEvent.objects.get(seq=seq - 1).hash
    statements = []
    for event in AuditEvent.objects.filter(seq__gte=seq).order_by("seq"):
        event.actor, event.prev_hash = "operator:9", previous
        previous = chain.unkeyed_digest(event)
        statements.append(
            f"UPDATE audit_auditevent SET actor = 'operator:9', prev_hash = '{event.prev_hash}',"
            f" hash = '{previous}' WHERE seq = {event.seq}"
        )
    tamper(*statements, f"UPDATE audit_audithead SET hash = '{previous}'")


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
    tamper(f"UPDATE audit_audithead SET seq = 2, hash = '{second.hash}'")
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


ALL_GONE = tuple(f"DELETE FROM audit_audit{name}" for name in ("event", "head", "root", "seal"))


def test_finds_that_all_rows_and_the_head_are_gone() -> None:
    record_three()
    commit_mark()
    tamper(*ALL_GONE)
    assert chain.verify().breaks == ["row 3, anchored outside, is gone"]


def test_finds_a_new_chain_in_the_old_ones_place() -> None:
    record_three()
    chain.anchor_head()
    tamper(*ALL_GONE)
    record_three()
    record_three()
    assert chain.verify().breaks == ["row 3 is not the one anchored outside"]


def test_finds_a_cut_tail_after_the_last_root() -> None:
    record_three()
    chain.anchor_head()
    record_three()
    commit_mark()
    fourth = AuditEvent.objects.get(seq=4)
    tamper(
        "DELETE FROM audit_auditevent WHERE seq > 4",
        f"UPDATE audit_audithead SET seq = 4, hash = '{fourth.hash}'",
    )
    assert chain.verify().breaks == ["row 6, anchored outside, is gone"]


def test_finds_a_tail_that_was_rewritten_after_the_last_root() -> None:
    record_three()
    chain.sign_root(date(2026, 3, 1))
    chain.anchor_head()
    record_three()
    rewrite_from(5)
    assert chain.verify().breaks == ["row 5 was edited", "row 6 was edited"]


def test_finds_a_head_that_was_turned_back() -> None:
    record_three()
    first = AuditEvent.objects.get(seq=1)
    tamper(f"UPDATE audit_audithead SET seq = 1, hash = '{first.hash}'")
    assert chain.verify().breaks == ["the chain ends at row 3, its head says 1"]


def test_finds_that_the_head_alone_is_gone() -> None:
    record_three()
    tamper("DELETE FROM audit_audithead")
    assert chain.verify().breaks == ["the chain's head is gone"]


def test_finds_rows_that_changed_places() -> None:
    record_three()
    tamper(
        "UPDATE audit_auditevent SET seq = 9 WHERE seq = 1",
        "UPDATE audit_auditevent SET seq = 1 WHERE seq = 2",
        "UPDATE audit_auditevent SET seq = 2 WHERE seq = 9",
    )
    breaks = chain.verify().breaks
    assert {"row 1 was edited", "row 2 was edited"} <= set(breaks)


def test_finds_a_root_outside_that_was_altered() -> None:
    record_three()
    chain.anchor_head()
    (roots,) = Path(settings.SAOMA_AUDIT_DIR).glob("roots-*")
    roots.write_text(roots.read_text().replace('"seq": 3', '"seq": 2'))
    assert chain.verify().breaks == ["line 1 of the roots outside was altered"]


def test_finds_a_line_that_was_taken_out_of_the_roots_outside() -> None:
    for _ in range(3):
        record_three()
        chain.anchor_head()
    (roots,) = Path(settings.SAOMA_AUDIT_DIR).glob("roots-*")
    first, _, third = roots.read_text().splitlines()
    roots.write_text(f"{first}\n{third}\n")
    assert chain.verify().breaks == ["line 2 of the roots outside does not follow"]


def test_finds_a_mark_that_was_altered() -> None:
    record_three()
    commit_mark()
    (mark,) = Path(settings.SAOMA_AUDIT_DIR).glob("mark-*")
    mark.write_text(mark.read_text().replace("3 ", "1 ", 1))
    assert chain.verify().breaks == ["the mark outside the database was altered"]


def test_finds_that_nothing_is_anchored_any_more() -> None:
    record_three()
    advance(hours=4)
    shutil.rmtree(settings.SAOMA_AUDIT_DIR)
    assert chain.verify().breaks == ["the newest rows are not anchored outside the database"]


def test_the_head_is_anchored_within_an_hour_of_a_new_row() -> None:
    record_three()
    assert chain.next_anchor() == AuditEvent.objects.get(seq=1).at + timedelta(hours=1)
    assert timetable.run("audit.anchor", clock.now()) == 1
    assert (chain.next_anchor(), chain.verify().anchors) == (None, 1)
    record_three()
    assert chain.next_anchor() == AuditEvent.objects.get(seq=4).at + timedelta(hours=1)


def test_a_mark_never_goes_back() -> None:
    anchors.raise_mark(Anchor(7, "a" * 64))
    anchors.raise_mark(Anchor(6, "b" * 64))
    assert anchors.mark() == Anchor(7, "a" * 64)


@pytest.mark.django_db(transaction=True)
def test_each_commit_raises_the_mark_and_a_rollback_does_not() -> None:
    record_three()
    with transaction.atomic():
        record_three()
        transaction.set_rollback(True)
    assert anchors.mark() == Anchor(3, AuditHead.objects.get().hash)


def test_a_directory_that_cannot_be_written_stops_no_record(tmp_path: Path) -> None:
    settings.SAOMA_AUDIT_DIR, kept = str(tmp_path / "file" / "below"), settings.SAOMA_AUDIT_DIR
    (tmp_path / "file").write_text("in the way")
    try:
        anchors.raise_mark(Anchor(1, "a" * 64))
    finally:
        settings.SAOMA_AUDIT_DIR = kept


def test_rows_from_before_hashes_were_keyed_hold_up_to_their_seal() -> None:
    record_three()
    # The first row of this chain is keyed; only rows under the seal may be without a key.
    first = AuditEvent.objects.get(seq=1)
    tamper(
        f"UPDATE audit_auditevent SET hash = '{chain.unkeyed_digest(first)}' WHERE seq = 1",
    )
    rewrite_from(2)
    last = AuditEvent.objects.get(seq=3)
    signature = chain.signing_key().sign(chain.seal_text(3, last.hash)).hex()
    AuditSeal.objects.create(id=1, seq=3, hash=last.hash, signature=signature)
    assert chain.verify().breaks == []
    record_three()
    rewrite_from(5)
    assert chain.verify().breaks == ["row 5 was edited", "row 6 was edited"]
