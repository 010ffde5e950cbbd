"""Somebody with a row in every table, and all that the database holds."""

import uuid
from datetime import timedelta

from django.apps import apps
from django.db import connection

from config.kernel import clock
from healthcode.appeals.usecases.file_appeal import file_appeal
from healthcode.evidence.usecases.record_evidence import retract_evidence
from healthcode.evidence.values import EvidenceKind
from healthcode.passes.usecases.mint_code import mint_code
from healthcode.subjects.usecases.request_guardianship import request_guardianship
from healthcode.subjects.values import Proof, Relation
from healthcode.tracing.models import TraceCase, TraceMatch
from healthcode.verification.queries import code_of
from healthcode.verification.usecases.check_in_at_venue import check_in_at_venue
from healthcode.verification.values import Direction
from tests.factories.certificates import ec_key
from tests.factories.health import (
    Gate,
    Person,
    make_gate,
    make_guardianship,
    make_person,
    settle,
)


def make_trace(person: Person, gate: Gate) -> None:
    """A case in which they were found."""
    case = TraceCase.objects.create(
        case_ref="HZ-1", subject=person.subject, evidence_id=uuid.uuid4(), purpose="a case",
        begins_at=clock.now() - timedelta(days=1), ends_at=clock.now(), minutes=15,
        maker="a", first_checker="b", second_checker="c", approval_id=uuid.uuid4(),
        due_at=clock.now() + timedelta(days=14),
    )  # fmt: skip
    TraceMatch.objects.create(
        case=case, subject=person.subject, venue=gate.venue, begins_at=clock.now(),
        ends_at=clock.now(), evidence_id=uuid.uuid4(),
    )  # fmt: skip


def full_life() -> Person:
    """Somebody with a row in every table."""
    gate, person = make_gate(), make_person(symptoms=["cough"])
    mint_code(subject=person.subject, device_key=ec_key("device").public_key())
    gate.verify(person.code())
    check_in_at_venue(
        subject=person.subject, venue_code=code_of(gate.venue), direction=Direction.IN
    )
    report = person.evidence(EvidenceKind.NAAT, result="positive")
    settle()
    retract_evidence(evidence_id=report.id, reason="mixed up")
    settle()
    file_appeal(subject=person.subject, grounds="Li Lei says it is wrong")
    make_guardianship(person.subject, make_person())
    make_trace(person, gate)
    request_guardianship(
        guardian=person.subject, identity=Person().identity, relation=Relation.WARD,
        proof=Proof.COURT_ORDER, proof_reference="court 77",
    )  # fmt: skip
    return person


def whole_database() -> str:
    """Every value of every row of every table, as text."""
    texts = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            texts += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(texts)
