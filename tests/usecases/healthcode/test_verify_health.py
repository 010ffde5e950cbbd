"""What somebody with the database's own keys could do to colours, and that it is found."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from config.kernel.append_only import install
from healthcode.appeals.usecases.end_programme import end_programme
from healthcode.appeals.usecases.erase_person import erase_person
from healthcode.decisions import rules
from healthcode.decisions.chain import members, verify_chains
from healthcode.decisions.models import Decision, Head
from healthcode.evidence.models import Evidence, Register
from healthcode.evidence.usecases.record_evidence import retract_evidence
from healthcode.evidence.values import EvidenceKind
from tests.factories.health import Person, later, make_person, settle

pytestmark = pytest.mark.django_db(transaction=True)
NAAT = EvidenceKind.NAAT
Rows = dict[type[Any], list[dict[str, Any]]]
TABLES = (Decision, Head, Evidence, Register)


@pytest.fixture
def person() -> Person:
    """Somebody red, after green."""
    made = make_person()
    later(minutes=1)
    made.evidence(NAAT, result="positive")
    settle()
    return made


@pytest.fixture(autouse=True)
def _triggers() -> Iterator[None]:
    """Put the triggers back that a forger took away."""
    yield
    for label in ("health_decisions", "health_evidence"):
        install(apps.get_app_config(label), using="default")


def disarm() -> None:
    """Take every trigger off the tables."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            return
        for table in ("health_decision", "health_evidence"):
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')


def forge(statement: str, *values: Any) -> None:
    """Change rows past every trigger and every use case."""
    disarm()
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, list(values))
    finally:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = DEFAULT")


def breaks() -> list[str]:
    return verify_chains().breaks


def test_an_untouched_house_has_no_break(person: Person) -> None:
    other = make_person(symptoms=["fever"])
    retract_evidence(evidence_id=person.evidence(NAAT, result="negative").id, reason="mixed up")
    settle()
    proof = verify_chains()
    assert (proof.breaks, proof.decisions) == ([], Decision.objects.count())
    assert proof.evidence == Evidence.objects.count()
    assert proof.marks == len({person.subject_id.int % 32, other.subject_id.int % 32})


def test_a_whole_chain_that_was_removed_is_missed(person: Person) -> None:
    Head.objects.filter(subject_id=person.subject_id).delete()
    Decision.objects.filter(subject_id=person.subject_id).delete()
    assert any("the register counts" in line for line in breaks())


def test_everything_of_a_person_removed_is_missed_also_without_the_register(
    person: Person,
) -> None:
    Head.objects.filter(subject_id=person.subject_id).delete()
    Decision.objects.filter(subject_id=person.subject_id).delete()
    Evidence.objects.filter(subject_id=person.subject_id).delete()
    Register.objects.all().delete()
    assert any("of the register is gone" in line for line in breaks())


def test_a_cut_tail_is_found_with_the_head_turned_back(person: Person) -> None:
    first = Decision.objects.get(subject_id=person.subject_id, seq=1)
    Head.objects.filter(subject_id=person.subject_id).update(decision=first)
    Decision.objects.filter(subject_id=person.subject_id, seq=2).delete()
    assert any("not the one that was written" in line for line in breaks())


def test_the_oldest_decisions_cannot_be_cut_either(person: Person) -> None:
    Decision.objects.filter(subject_id=person.subject_id, seq=1).delete()
    assert any("decision 1 is gone" in line for line in breaks())
    Head.objects.filter(subject_id=person.subject_id).update(first_seq=2)
    assert any("not the one that was written" in line for line in breaks())


@pytest.mark.parametrize("version", [3, 2])
def test_rewritten_hashes_are_found(person: Person, version: int) -> None:
    row = Decision.objects.get(subject_id=person.subject_id, seq=2)
    row.colour, row.schema_version = "GREEN", version
    forge(
        "UPDATE health_decision SET colour = 'GREEN', schema_version = %s, hash = %s WHERE seq = 2",
        version, rules.digest(members(row)),
    )  # fmt: skip
    assert any(
        said in line
        for line in breaks()
        for said in ("decision 2 was edited", "not the one that was written")
    )


@pytest.mark.parametrize(
    "change",
    [
        'payload = \'{"result": "negative"}\'',
        "observed_at = recorded_at, source_ref = 'x'",
        "kind = 'temperature'",
        "source = 'self'",
        "delete_after = recorded_at",
    ],
)
def test_edited_evidence_is_found(person: Person, change: str) -> None:
    forge(f"UPDATE health_evidence SET {change} WHERE kind = 'naat'")
    assert any("was edited" in line for line in breaks())


def test_an_edit_is_found_where_the_seal_was_taken_off(person: Person) -> None:
    forge("UPDATE health_evidence SET seal = '', kind = 'antigen' WHERE kind = 'naat'")
    assert any("not the one that was written" in line for line in breaks())


def test_evidence_that_nobody_recorded_is_found(person: Person) -> None:
    row = Evidence.objects.get(kind=NAAT)
    row.pk, row.source_ref, row.seal = Evidence().pk, "forged", ""
    row.save(force_insert=True)
    assert any("the register counts" in line for line in breaks())


def test_removed_evidence_is_found_and_named_where_a_colour_rests_on_it(person: Person) -> None:
    name = Evidence.objects.get(kind=NAAT).id
    Evidence.objects.filter(id=name).delete()
    found = breaks()
    assert any(f"evidence {name}, on which the standing colour rests" in line for line in found)
    assert any("the register counts" in line for line in found)


def copy(model: type[Any]) -> list[Any]:
    return list(model.objects.all())


def test_a_database_turned_back_is_behind_its_marks() -> None:
    person = make_person()
    before = {model: copy(model) for model in TABLES}
    later(minutes=1)
    person.evidence(NAAT, result="positive")
    settle()
    for model in (Head, Decision, Evidence, Register):
        model.objects.all().delete()
    for model in (Evidence, Decision, Head, Register):
        model.objects.bulk_create(before[model])
    assert any("was turned back behind its mark" in line for line in breaks())
    shutil.rmtree(settings.SAOMA_AUDIT_DIR)
    assert breaks() == []


def test_an_edited_register_or_mark_is_found(person: Person) -> None:
    Register.objects.update(version=99)
    assert any("of the register was edited" in line for line in breaks())
    mark = next(Path(settings.SAOMA_AUDIT_DIR).glob("health-*"))
    mark.write_text(mark.read_text().replace("1 ", "2 ", 1).replace("a", "b"))
    assert any("outside the database was altered" in line for line in breaks())


def test_retention_erasure_and_the_end_are_no_breaks(person: Person) -> None:
    other = make_person()
    later(days=60)
    other.declare()
    settle()
    later(days=1)
    assert not Decision.objects.filter(subject_id=other.subject_id, seq=1).exists()
    assert Head.objects.get(subject_id=other.subject_id).first_seq > 1
    assert breaks() == []
    erase_person(subject_id=other.subject_id, actor="subject", purpose="on request")
    assert breaks() == []
    end_programme(actor="operator:test", purpose="it is over")
    assert (breaks(), Register.objects.count()) == ([], 0)


def test_the_command_prints_what_it_read_and_fails_on_a_break(
    person: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify_health")
    assert json.loads(capsys.readouterr().out)["ok"] is True
    Evidence.objects.filter(kind=NAAT).delete()
    with pytest.raises(CommandError):
        call_command("verify_health")
    assert json.loads(capsys.readouterr().out)["ok"] is False
