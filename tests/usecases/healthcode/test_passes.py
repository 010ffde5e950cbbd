"""Passes: never beyond the decision, never a specimen, revoked with the colour."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.kernel import clock
from healthcode.codec import sh1
from healthcode.evidence.values import EvidenceKind
from healthcode.passes import queries, rules
from healthcode.passes.models import Pass, SigningKey
from healthcode.passes.usecases.mint_code import mint_code
from healthcode.passes.usecases.revoke_passes import revoke_device_passes
from healthcode.passes.usecases.rotate_signing_key import (
    OVERLAP,
    ensure_signing_key,
    rotate_signing_key,
)
from healthcode.passes.values import PassKind
from healthcode.verification.models import Verification
from tests.factories.certificates import NOON, ec_key
from tests.factories.health import later, make_gate, make_person, settle

pytestmark = pytest.mark.django_db(transaction=True)


@given(
    kind=st.sampled_from(PassKind),
    bound=st.booleans(),
    left_s=st.integers(1, 400 * 86_400) | st.none(),
    spread=st.floats(0, 1),
)
def test_no_pass_outlives_its_decision(
    kind: PassKind, bound: bool, left_s: int | None, spread: float
) -> None:
    valid_until = None if left_s is None else NOON + timedelta(seconds=left_s)
    end = rules.expires_at(kind=kind, bound=bound, now=NOON, valid_until=valid_until, spread=spread)
    assert end > NOON
    assert valid_until is None or end <= valid_until
    if kind is not PassKind.PAPER:
        assert end <= NOON + (rules.PASS_LIFE if bound else rules.CODE_LIFE)


def test_a_pass_minted_late_ends_with_the_decision() -> None:
    person = make_person()
    later(days=13, hours=23, minutes=59, seconds=30)
    record = mint_code(subject=person.subject, device_key=ec_key("device").public_key()).record
    assert record.decision is not None
    assert record.expires_at == record.decision.valid_until


def test_a_specimen_opens_no_gate() -> None:
    gate, person = make_gate(), make_person()
    answer = gate.verify(person.code(PassKind.SPECIMEN))
    assert (answer.status_code, answer.json()["code"]) == (422, "code_is_specimen")


def test_a_paper_pass_needs_no_phone_and_lives_long() -> None:
    gate, person = make_gate(), make_person()
    code = person.code(PassKind.PAPER)
    later(days=13)
    assert gate.verify(code, identity_checked=True).json()["admitted"] is True


def test_paper_is_looked_up_and_tells_no_colour_before_the_identity_card() -> None:
    gate, person = make_gate(), make_person()
    code = person.code(PassKind.PAPER)
    first = gate.verify(code).json()
    assert (first["verdict"], first["admitted"], first["colour"]) == ("ID_CHECK", False, "UNKNOWN")
    assert (first["name_hint"], first["birth"]) == ("张*", "0214")
    assert gate.verify(code, identity_checked=True).json()["colour"] == "GREEN"
    person.evidence(EvidenceKind.NAAT, result="positive")
    settle()
    later_on = gate.verify(code, identity_checked=True).json()
    assert (later_on["verdict"], later_on["colour"]) == ("POLICY", "RED")


def test_a_new_colour_revokes_the_passes_of_the_old_one() -> None:
    gate, person = make_gate(), make_person()
    code = person.code()
    person.evidence(EvidenceKind.NAAT, result="positive")
    settle()
    assert gate.verify(code).json()["code"] == "code_revoked"
    assert len(queries.denied(at=clock.now())) == 1
    assert Verification.objects.get().verdict == "REVOKED"


def test_a_lost_phone_takes_its_passes_along() -> None:
    person = make_person()
    minted = mint_code(subject=person.subject, device_key=ec_key("device").public_key())
    assert minted.record.device_id
    assert revoke_device_passes(device_id=minted.record.device_id) == 1
    assert revoke_device_passes(device_id=minted.record.device_id) == 0


def test_after_a_rotation_old_passes_hold_and_new_ones_name_the_new_key() -> None:
    gate, person = make_gate(), make_person()
    old = person.code(PassKind.PAPER)
    key = rotate_signing_key(actor="operator:test")
    assert gate.verify(old, identity_checked=True).json()["admitted"] is True
    new = sh1.verify(person.code(), queries.trusted_keys(), at=clock.now())
    assert new.kid.hex() == key.kid
    assert {jwk["sh1_kid"] for jwk in queries.trusted_jwks()} == {
        key.kid for key in SigningKey.objects.all()
    }


def test_a_retired_key_is_destroyed_once_its_last_pass_has_ended() -> None:
    first = ensure_signing_key()
    rotate_signing_key(actor="operator:test")
    later(days=OVERLAP.days)
    first.refresh_from_db()
    assert (first.state, first.sealed_private_key) == ("DESTROYED", None)


def test_there_is_no_signing_without_a_key() -> None:
    with pytest.raises(queries.SigningKeyMissing):
        queries.active_key()


def test_records_of_passes_are_forgotten_a_day_after_they_end() -> None:
    make_person().code()
    later(hours=24)
    assert Pass.objects.count() == 1
    later(minutes=1)
    assert Pass.objects.count() == 0
