"""Acting for others: by two operators' leave, with the dependent's word, and not for ever."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from config.kernel import clock
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.request import request_approval
from config.kernel.approvals.rules import CheckerLacksRole, SelfApproval
from config.kernel.audit.models import AuditEvent
from healthcode.decisions.models import Notice
from healthcode.passes.models import Pass
from healthcode.passes.usecases.mint_code import mint_code
from healthcode.passes.values import PassKind
from healthcode.subjects import queries, rules
from healthcode.subjects.models import Device, Guardianship, Subject
from healthcode.subjects.tasks import APPROVE
from healthcode.subjects.usecases.decide_guardianship import (
    approve_guardianship,
    close_guardianship,
    consent_to_guardianship,
    end_own_guardianship,
)
from healthcode.subjects.usecases.request_guardianship import request_guardianship
from healthcode.subjects.values import (
    DocumentType,
    GuardianshipState,
    Identity,
    Proof,
    Relation,
)
from tests.factories.certificates import ec_key
from tests.factories.health import (
    Person,
    later,
    make_gate,
    make_guardianship,
    make_person,
    settle,
)
from tests.factories.operators import make_checker, make_maker

pytestmark = pytest.mark.django_db(transaction=True)
CHILD = Identity("小明", DocumentType.PASSPORT, "E55500001", date(2020, 2, 29))


@pytest.fixture
def guardian() -> Person:
    """A grown-up with a code."""
    return make_person()


def ask(guardian: Person, identity: Identity = CHILD, **changes: Any) -> Guardianship:
    wish = {"relation": Relation.CHILD, "proof": Proof.BIRTH_CERTIFICATE, "proof_reference": "B-9"}
    return request_guardianship(guardian=guardian.subject, identity=identity, **{**wish, **changes})


def grant(row: Guardianship) -> Guardianship:
    return approve_guardianship(guardianship_id=row.id, maker="officer", checker="approver")


def test_asking_makes_no_subject_and_gives_no_power(guardian: Person) -> None:
    row = ask(guardian)
    assert (row.state, row.dependent_id, Subject.objects.count()) == ("REQUESTED", None, 1)
    assert CHILD.document_number.encode() not in bytes(row.sealed_claim or b"")
    assert ask(guardian).id == row.id


def test_two_operators_grant_and_the_claim_goes(guardian: Person) -> None:
    row = grant(ask(guardian))
    assert (row.state, row.sealed_claim, row.claim_ref) == ("ACTIVE", None, "")
    assert row.dependent is not None
    found = queries.subject_for(guardian.holder_id, row.dependent_id, at=clock.now())
    assert queries.identity_of(found) == CHILD
    assert ask(guardian).id == row.id


def test_one_operator_alone_grants_nothing(guardian: Person) -> None:
    row = ask(guardian)
    officer = make_maker("officer", APPROVE)
    outsider = make_maker("outsider", APPROVE)
    asked = request_approval(
        action=APPROVE, parameters={"guardianship": str(row.id)}, maker=officer,
        reason="papers are in order",
    )  # fmt: skip
    with pytest.raises(SelfApproval):
        approve_request(request_id=asked.id, checker=officer)
    with pytest.raises(CheckerLacksRole):
        approve_request(request_id=asked.id, checker=outsider)
    done = approve_request(request_id=asked.id, checker=make_checker("approver", APPROVE))
    assert done.result["state"] == "ACTIVE"
    with pytest.raises(rules.GuardianshipRefused):
        approve_guardianship(guardianship_id=ask_other(guardian).id, maker="a", checker="a")


def ask_other(guardian: Person) -> Guardianship:
    return ask(guardian, replace(CHILD, document_number="E55500002"))


def test_the_database_knows_that_it_takes_two(guardian: Person) -> None:
    row = grant(ask(guardian))
    with pytest.raises(IntegrityError):
        Guardianship.objects.filter(id=row.id).update(approved_by="officer")


def test_somebody_with_a_phone_of_their_own_is_asked_first(guardian: Person) -> None:
    parent = make_person()
    row = grant(ask(guardian, parent.identity, relation=Relation.PARENT))
    assert row.state == "AWAITING_CONSENT"
    with pytest.raises(queries.GuardianshipMissing):
        queries.subject_for(guardian.holder_id, parent.subject_id, at=clock.now())
    with pytest.raises(queries.GuardianshipUnknown):
        consent_to_guardianship(dependent=guardian.subject, guardianship_id=row.id)
    for _ in range(2):
        consent_to_guardianship(dependent=parent.subject, guardianship_id=row.id)
    assert queries.subject_for(guardian.holder_id, parent.subject_id, at=clock.now())


def test_both_sides_are_told(guardian: Person) -> None:
    parent = make_person()
    make_guardianship(guardian.subject, parent)
    settle()
    told = Notice.objects.filter(kind="GUARDIANSHIP", subject=parent.subject)
    assert {notice.facts["state"] for notice in told} == {"AWAITING_CONSENT", "ACTIVE"}
    assert told[0].facts["other"] == "张*"


@pytest.mark.parametrize("side", ["guardian", "dependent"])
def test_either_side_ends_it_and_the_guardians_phone_shows_nothing(
    guardian: Person, side: str
) -> None:
    parent, gate = make_person(), make_gate()
    row = make_guardianship(guardian.subject, parent)
    key = ec_key("device").public_key()
    for device_key in (None, key):
        minted = mint_code(
            subject=parent.subject, device_key=device_key, kind=PassKind.PROXY, guardianship=row
        )
    assert Device.objects.get().held_by_id == guardian.subject_id
    ender = guardian if side == "guardian" else parent
    for _ in range(2):
        end_own_guardianship(subject=ender.subject, guardianship_id=row.id)
    settle()
    assert not Pass.objects.filter(revoked_at__isnull=True).exists()
    assert not Device.objects.filter(revoked_at__isnull=True).exists()
    assert gate.verify(minted.text).json()["code"] == "code_revoked"


def test_nobody_else_ends_it(guardian: Person) -> None:
    row = grant(ask(guardian))
    with pytest.raises(queries.GuardianshipUnknown):
        end_own_guardianship(subject=make_person().subject, guardianship_id=row.id)


def test_it_ends_on_the_moment_and_not_before(guardian: Person) -> None:
    until = clock.now() + timedelta(days=30)
    row = make_guardianship(guardian.subject, make_person(), valid_until=until)
    before, ward = until - timedelta(microseconds=1), row.dependent_id
    assert queries.subject_for(guardian.holder_id, ward, at=before)
    with pytest.raises(queries.GuardianshipMissing):
        queries.subject_for(guardian.holder_id, ward, at=until)
    later(days=30)
    row.refresh_from_db()
    assert (row.state, row.closed_by) == ("EXPIRED", "system:health")


def test_no_proxy_code_outlives_the_guardianship(guardian: Person) -> None:
    until = clock.now() + timedelta(hours=3)
    row = make_guardianship(guardian.subject, make_person(), valid_until=until)
    assert row.dependent is not None
    minted = mint_code(
        subject=row.dependent,
        device_key=ec_key("device").public_key(),
        kind=PassKind.PROXY,
        guardianship=row,
    )
    assert minted.record.expires_at == until


def test_what_nobody_decides_lapses_after_a_week_and_goes_after_half_a_year(
    guardian: Person,
) -> None:
    row = ask(guardian)
    later(days=6, hours=23)
    row.refresh_from_db()
    assert row.state == "REQUESTED"
    later(hours=1)
    row.refresh_from_db()
    assert (row.state, row.sealed_claim, row.claim_ref) == ("EXPIRED", None, "")
    later(days=180)
    assert not Guardianship.objects.exists()


@pytest.mark.parametrize(
    ("born", "day"),
    [(date(2008, 2, 28), "2026-02-28"), (date(2008, 2, 29), "2026-03-01"),
     (date(2004, 12, 31), "2022-12-31")],
)  # fmt: skip
def test_children_come_of_age_at_their_own_midnight(born: date, day: str) -> None:
    assert rules.comes_of_age(born).isoformat() == f"{day}T00:00:00+08:00"


def test_a_childs_guardianship_ends_at_eighteen() -> None:
    at = datetime(2026, 2, 1, tzinfo=UTC)
    end = rules.guardianship_end(
        relation=Relation.CHILD, born=date(2008, 2, 10), preferred_end=None, at=at
    )
    assert end == datetime(2026, 2, 9, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"born": None}, "birth_date_missing"),
        ({"born": date(2000, 1, 1)}, "of_age"),
        ({"preferred_end": datetime(2026, 2, 1, tzinfo=UTC)}, "length"),
        ({"preferred_end": datetime(2029, 2, 1, tzinfo=UTC)}, "length"),
    ],
)
def test_a_guardianship_that_cannot_be_says_why(changes: dict[str, Any], reason: str) -> None:
    wish = {"relation": Relation.CHILD, "born": date(2020, 1, 1), "preferred_end": None, **changes}
    with pytest.raises(rules.GuardianshipRefused) as refused:
        rules.guardianship_end(at=datetime(2026, 2, 1, tzinfo=UTC), **wish)
    assert refused.value.fields["reason"] == reason


def test_nobody_guards_themselves_or_too_many(guardian: Person) -> None:
    with pytest.raises(rules.GuardianshipRefused):
        ask(guardian, guardian.identity, relation=Relation.PARENT)
    for number in range(rules.MAX_WARDS):
        ask(guardian, replace(CHILD, document_number=f"E7770000{number}"))
    with pytest.raises(rules.GuardianshipRefused) as refused:
        ask(guardian)
    assert refused.value.fields["reason"] == "too_many_wards"


def test_nobody_has_more_than_four_guardians() -> None:
    for _ in range(rules.MAX_GUARDIANS):
        grant(ask(make_person()))
    row = ask(make_person())
    with pytest.raises(rules.GuardianshipRefused):
        grant(row)


def test_what_is_decided_stays_decided(guardian: Person) -> None:
    row = ask(guardian)
    for _ in range(2):
        close_guardianship(
            guardianship_id=row.id, state=GuardianshipState.REFUSED, actor="operator:officer"
        )
    with pytest.raises(rules.GuardianshipDecided):
        grant(row)
    actions = [event.action for event in AuditEvent.objects.order_by("seq")]
    assert actions.count("health.guardianship") == 1
    with pytest.raises(queries.GuardianshipUnknown):
        queries.guardianship(uuid.uuid4())
