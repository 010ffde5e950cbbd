"""Cases of the approvals of the health code."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from config.kernel import clock
from healthcode.appeals.tasks import DECIDE
from healthcode.appeals.usecases.file_appeal import file_appeal
from healthcode.codec.keys import to_jwk
from healthcode.decisions.actions import IMPORT_LIST, RECOLOUR, RECOLOUR_MANY
from healthcode.decisions.findings import DECLARE_AREA, RECORD_FINDING
from healthcode.decisions.models import QuarantinedReport
from healthcode.decisions.placement import PLACE_REPORT
from healthcode.decisions.registrations import REGISTER_LABORATORY
from healthcode.decisions.signoffs import SIGN_OFF
from healthcode.decisions.usecases.decide import decide_colour
from healthcode.decisions.usecases.receive_report import receive_report
from healthcode.decisions.usecases.register_source import withdraw_source
from healthcode.decisions.usecases.shadow_run import shadow_run
from healthcode.decisions.values import Trigger
from healthcode.evidence.usecases.record_evidence import retract_evidence
from healthcode.evidence.values import EvidenceKind
from healthcode.passes.registrations import REGISTER_ISSUER
from healthcode.passes.rotation import ROTATE
from healthcode.passes.tasks import AGREE
from healthcode.passes.usecases.agree_region import agree_region
from healthcode.passes.usecases.rotate_signing_key import ensure_signing_key, rotate_signing_key
from healthcode.rules import publication
from healthcode.rules.tasks import PUBLISH, RETIRE
from healthcode.subjects.models import Subject
from healthcode.subjects.tasks import APPROVE as GRANT
from healthcode.subjects.usecases.decide_guardianship import close_guardianship
from healthcode.subjects.usecases.request_guardianship import request_guardianship
from healthcode.subjects.values import (
    DocumentType,
    GuardianshipState,
    Identity,
    Proof,
    Relation,
)
from healthcode.tracing.models import TraceMatch
from healthcode.tracing.tasks import CONFIRM, TRACE, wish_of
from healthcode.tracing.usecases.trace import confirm_contacts, trace_contacts
from healthcode.verification.actions import ADMIT_RED
from healthcode.verification.registrations import LET_IDENTIFY
from healthcode.verification.usecases.change_policy import change_policy
from healthcode.verification.usecases.register_terminal import revoke_terminal
from tests.factories.certificates import ec_key
from tests.factories.health import (
    Person,
    later,
    make_gate,
    make_person,
    make_risk_area,
    settle,
)
from tests.factories.operator_cases import Case
from tests.factories.overrides import grounds
from tests.factories.regions import JIANGSU, SAME, THEIRS
from tests.factories.reports import JWK, observation, signed
from tests.factories.rule_sets import content
from tests.factories.sources import make_issuer, make_laboratory

CHILD = Identity("小明", DocumentType.PASSPORT, "E55500001", date(2020, 2, 29))


def _decided_anew(person: Person) -> Callable[[], object]:
    """Ill and well again: the colour is as it was, the decisions are not."""

    def move() -> None:
        row = person.evidence(EvidenceKind.NAAT, result="positive")
        settle()
        retract_evidence(evidence_id=row.id, reason="taken back")
        settle()

    return move


def _colour() -> dict[str, object]:
    return {
        "colour": "RED", "hours": 24, "reason_code": "OUTBREAK_ORDER",
        "legal_basis": "Order 12 of the county",
    }  # fmt: skip


def green_person() -> Case:
    """A person whose colour is decided anew."""
    person = make_person()
    evidence = [str(grounds(person).id)]
    parameters = {"subject": str(person.subject_id), "evidence": evidence, **_colour()}
    return Case(parameters, _decided_anew(person))


def ill_of_the_authority() -> Case:
    """A person of whom a case is reported, and whose colour is decided anew."""
    person = make_person()
    parameters: dict[str, object] = {
        "subject": str(person.subject_id), "kind": "case_open", "details": {"case": "HZ-12"},
        "observed_at": clock.now().isoformat(),
    }  # fmt: skip
    return Case(parameters, _decided_anew(person))


def waiting_report() -> Case:
    """A report that waits for its person, and somebody at the desk who is decided anew."""
    jwk = to_jwk(ec_key("a laboratory that mistypes").public_key())
    make_laboratory("PCR Three", public_jwk=jwk)
    person = make_person()
    content = observation(Person())
    receive_report(signed=signed(content, key="a laboratory that mistypes", kid=jwk["kid"]))
    row = QuarantinedReport.objects.latest("received_at")
    parameters: dict[str, object] = {"report": str(row.id), "subject": str(person.subject_id)}
    return Case(parameters, _decided_anew(person))


def region_at_risk() -> Case:
    """A region that is declared otherwise meanwhile."""
    parameters: dict[str, object] = {
        "region": "420100", "level": "high", "valid_from": "2026-01-01T00:00:00+00:00",
        "valid_until": None,
    }  # fmt: skip
    return Case(parameters, make_risk_area)


def green_people() -> Case:
    """Two people, one of whom is decided anew."""
    people = [make_person(), make_person()]
    subjects = {str(person.subject_id): [str(grounds(person).id)] for person in people}
    return Case({"subjects": subjects, **_colour()}, _decided_anew(people[0]))


def listed_people() -> Case:
    """A list, one of whose people gets a code meanwhile."""
    person = make_person()
    other = Subject.objects.create(holder_ref=uuid.uuid4().hex)
    parameters: dict[str, object] = {
        "subjects": [str(person.subject_id), str(other.id)], "kind": "contact", "days": 3,
        "case_reference": "HZ-2020-17", "purpose": "passengers of flight CA1",
    }  # fmt: skip
    return Case(parameters, lambda: decide_colour(subject_id=other.id, trigger=Trigger.REQUEST))


def _traced() -> tuple[dict[str, object], uuid.UUID]:
    gate, other, person = make_gate(), make_person(), make_person()
    gate.verify(other.code())
    gate.verify(person.code())
    report = person.evidence(EvidenceKind.NAAT, result="positive")
    later(hours=1)
    now = clock.now()
    parameters: dict[str, object] = {
        "subject": str(person.subject_id), "evidence": str(report.id), "case_ref": "HZ-12",
        "purpose": "CASE_CONTACTS", "minutes": 15,
        "begins_at": (now - timedelta(days=3)).isoformat(), "ends_at": now.isoformat(),
    }  # fmt: skip
    return parameters, report.id


def ill_person() -> Case:
    """A search, whose positive result is taken back."""
    parameters, report_id = _traced()
    return Case(parameters, lambda: retract_evidence(evidence_id=report_id, reason="mixed up"))


def found_contacts() -> Case:
    """Contacts that somebody confirms meanwhile."""
    parameters, _ = _traced()
    by = {"maker": "a", "checkers": ["b", "c"]}
    case = trace_contacts(wish=wish_of(parameters), approval_id=uuid.uuid4(), **by)  # type: ignore[arg-type]
    matches = list(TraceMatch.objects.filter(case=case).values_list("id", flat=True))
    return Case(
        {"case": str(case.id), "matches": [str(match) for match in matches]},
        lambda: confirm_contacts(case_id=case.id, matches=matches, **by),  # type: ignore[arg-type]
    )


def drafted_rules() -> Case:
    """A draft that is published meanwhile."""
    make_person()
    draft = publication.draft_rule_set(content=content(), author="author")
    shadow_run(draft_id=draft.id)
    moment = clock.now() + timedelta(hours=50)
    return Case(
        {"draft": str(draft.id), "valid_from": moment.isoformat()},
        lambda: publication.publish_rule_set(
            draft_id=draft.id, valid_from=moment, approved_by=["carl"]
        ),
    )


def published_rules() -> Case:
    """A published set that is retired meanwhile."""
    draft = publication.draft_rule_set(content=content(), author="author")
    moment = clock.now() + timedelta(hours=50)
    publication.publish_rule_set(draft_id=draft.id, valid_from=moment, approved_by=["carl"])
    return Case(
        {"version": draft.version},
        lambda: publication.retire_rule_set(
            version=draft.version, approved_by=["carl"], maker="author"
        ),
    )


def machines_reading() -> Case:
    """A preliminary reading whose laboratory takes it back meanwhile."""
    person = make_person()
    row = person.evidence(EvidenceKind.NAAT, result="positive", status="preliminary")
    parameters: dict[str, object] = {"evidence": str(row.id), "result": "positive"}
    return Case(parameters, lambda: retract_evidence(evidence_id=row.id, reason="mixed up"))


def open_appeal() -> Case:
    """An appeal whose person is decided anew."""
    person = make_person(symptoms=["cough"])
    appeal = file_appeal(subject=person.subject, grounds="that is not right")
    parameters: dict[str, object] = {
        "appeal": str(appeal.id), "outcome": "UPHELD", "text": "You reported a cough.",
    }  # fmt: skip
    return Case(parameters, _decided_anew(person))


def other_region() -> Case:
    """A region with which somebody else agrees meanwhile."""
    parameters: dict[str, Any] = {
        "issuer": JIANGSU, "name": "Jiangsu", "keys": [to_jwk(THEIRS.public_key())],
        "colours": SAME, "days": 30,
    }  # fmt: skip
    return Case(
        parameters,
        lambda: agree_region(
            **{**parameters, "days": 10}, own_issuer="CN-330000", maker="a",
            checkers=["b", "c"], approval_id=uuid.uuid4(),
        ),
    )  # fmt: skip


def asked_guardianship() -> Case:
    """A guardianship that is refused meanwhile."""
    row = request_guardianship(
        guardian=make_person().subject, identity=CHILD, relation=Relation.CHILD,
        proof=Proof.BIRTH_CERTIFICATE, proof_reference="B-9",
    )  # fmt: skip
    return Case(
        {"guardianship": str(row.id)},
        lambda: close_guardianship(
            guardianship_id=row.id, state=GuardianshipState.REFUSED, actor="operator:wu"
        ),
    )


def open_gates() -> Case:
    """A policy that somebody changes and changes back meanwhile."""
    change_policy(name="Hospital", admits=["GREEN"], actor="operator:wu")

    def move() -> None:
        for admits in (["GREEN", "YELLOW"], ["GREEN"]):
            change_policy(name="Hospital", admits=admits, actor="operator:wu")

    return Case({"name": "Hospital", "admits": ["GREEN", "RED"]}, move)


def new_laboratory() -> Case:
    """A laboratory that somebody registers and withdraws meanwhile."""

    def move() -> None:
        made = make_laboratory("PCR Two")
        assert made.registration_id is not None
        withdraw_source(registration_id=made.registration_id, actor="operator:wu")

    return Case({"name": "PCR Two", "public_jwk": JWK, "by_machine": False}, move)


def new_issuer() -> Case:
    """An issuer that somebody registers and withdraws meanwhile."""
    jwks = {"keys": [to_jwk(THEIRS.public_key())]}

    def move() -> None:
        made = make_issuer("Cards", jwks=jwks)
        assert made.registration_id is not None
        withdraw_source(registration_id=made.registration_id, actor="operator:wu")

    return Case({"name": "Cards", "jwks": jwks}, move)


def new_reader() -> Case:
    """A terminal that is revoked meanwhile."""
    terminal = make_gate().terminal
    return Case(
        {"terminal": str(terminal.id)},
        lambda: revoke_terminal(terminal_id=terminal.id, actor="operator:wu"),
    )


def signing_key() -> Case:
    """A key that the timetable retires meanwhile."""
    key = ensure_signing_key()
    return Case({"kid": key.kid}, lambda: rotate_signing_key(actor="system:timetable"))


CASES: dict[str, Callable[[], Case]] = {
    ROTATE: signing_key,
    RECOLOUR: green_person,
    RECOLOUR_MANY: green_people,
    IMPORT_LIST: listed_people,
    RECORD_FINDING: ill_of_the_authority,
    PLACE_REPORT: waiting_report,
    DECLARE_AREA: region_at_risk,
    SIGN_OFF: machines_reading,
    TRACE: ill_person,
    CONFIRM: found_contacts,
    PUBLISH: drafted_rules,
    RETIRE: published_rules,
    DECIDE: open_appeal,
    AGREE: other_region,
    GRANT: asked_guardianship,
    ADMIT_RED: open_gates,
    REGISTER_LABORATORY: new_laboratory,
    REGISTER_ISSUER: new_issuer,
    LET_IDENTIFY: new_reader,
}
