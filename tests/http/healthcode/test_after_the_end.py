"""Once the programme has ended, nothing begins again."""

from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from healthcode.appeals.usecases.end_programme import PERSONAL, end_programme
from healthcode.codec.revocation import ANY_KEY, Batch, HashType, uci_hash, write_batch
from healthcode.passes.models import RootKey, SigningKey
from healthcode.passes.usecases.issue_paper import Request, issue_paper
from healthcode.passes.usecases.rotate_root_key import rotate_root
from healthcode.passes.usecases.rotate_signing_key import ensure_signing_key, rotate_signing_key
from healthcode.passes.usecases.take_revocations import take_batch
from healthcode.passes.values import PaperGround
from healthcode.subjects import programme
from healthcode.subjects.programme import ProgrammeEnded
from healthcode.verification.usecases.record_checks import GateCheck, record_checks
from healthcode.verification.usecases.verify_code import record_stranger, verify_code
from tests.factories.health import (
    Gate,
    Person,
    Phone,
    later,
    make_gate,
    make_person,
    make_phone,
    make_risk_area,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ended() -> tuple[Phone, Gate]:
    """A phone and a gate that are still there after the end, which was asked for twice."""
    phone, gate = make_phone(), make_gate()
    phone.post("declarations", {"symptoms": []})
    programme.forget()
    first, again = (end_programme(actor="operator:end", purpose="it is over") for _ in range(2))
    assert first == again
    return phone, gate


def nothing_written() -> bool:
    return not any(model._default_manager.exists() for model in PERSONAL)


def test_every_door_says_so_and_nothing_is_written(ended: tuple[Phone, Gate]) -> None:
    phone, gate = ended
    answers: list[Any] = [
        phone.post("declarations", {"symptoms": []}),
        phone.post("codes"),
        phone.post("corrections", {"grounds": "That is not me at all."}),
        phone.post("evidence", {"report": "x"}),
        phone.post("terminals", {"invitation": "A" * 12}),
        phone.get("me"),
        phone.get("trust-list"),
        phone.get("deny-list"),
        phone.get("codes/specimen"),
        gate.verify("SH1:x"),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {
        (410, "programme_ended")
    }
    assert nothing_written()
    assert {row.state for row in SigningKey.objects.all()} == {"DESTROYED"}
    assert {row.state for row in RootKey.objects.all()} <= {"DESTROYED"}


def test_what_was_kept_and_why_stays_readable(ended: tuple[Phone, Gate]) -> None:
    phone, _ = ended
    assert {phone.get(path).status_code for path in ("privacy", "statistics")} == {200}


def test_no_use_case_begins_again(ended: tuple[Phone, Gate]) -> None:
    paper = Request(Person().identity, PaperGround.DISABLED)
    batch = Batch(
        "FR", ANY_KEY, HashType.UCI, clock.now() + timedelta(days=9), frozenset({uci_hash("x")})
    )
    for begin in (
        make_risk_area,
        lambda: record_stranger(credential="x.1.y"),
        lambda: take_batch(issuer="France", data=write_batch(batch), actor="operator:ann"),
        lambda: rotate_root(actor="x"),
        make_person,
        ensure_signing_key,
        lambda: rotate_signing_key(actor="x"),
        lambda: issue_paper(request=paper, actor="operator:ann"),
    ):
        with pytest.raises(ProgrammeEnded):
            begin()
    _, gate = ended
    seen = verify_code(terminal=gate.terminal, code="SH1:x")
    assert record_checks([GateCheck.of(gate.terminal, seen)]) == 0
    later(days=200)
    assert nothing_written()
    assert {row.state for row in SigningKey.objects.all()} == {"DESTROYED"}
