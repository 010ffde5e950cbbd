"""One key, one party: whatever it signs, whoever offers it, also at the same moment."""

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection

from config.kernel import clock
from config.kernel.errors import required
from healthcode.appeals.usecases.erase_person import erase_person
from healthcode.codec.keys import base64url, fingerprint, to_jwk
from healthcode.decisions.models import Laboratory, PartyKey
from healthcode.decisions.usecases.claim_keys import KeyOfSomebodyElse
from healthcode.decisions.usecases.register_source import check_laboratory, withdraw_source
from healthcode.passes.models import Pass
from healthcode.passes.usecases.agree_region import agree_region
from healthcode.passes.usecases.mint_code import mint_code
from healthcode.passes.usecases.rotate_root_key import ensure_root
from healthcode.passes.usecases.rotate_signing_key import announce_signing_key, ensure_signing_key
from healthcode.subjects.models import Device
from healthcode.verification.models import Terminal
from healthcode.verification.usecases.register_terminal import (
    enrol_terminal,
    invite_terminal,
    revoke_terminal,
)
from healthcode.verification.values import TerminalMode
from tests.factories.health import later, make_gate, make_guardianship, make_person
from tests.factories.regions import SAME
from tests.factories.sources import make_issuer, make_laboratory

pytestmark = pytest.mark.django_db(transaction=True)


def pair() -> tuple[ec.EllipticCurvePublicKey, dict[str, str]]:
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    return public, to_jwk(public)


def enrol(public: ec.EllipticCurvePublicKey) -> Terminal:
    venue = make_gate(f"Gate {uuid.uuid4()}").venue
    word = invite_terminal(
        venue_id=venue.id, label="Phone", mode=TerminalMode.PHONE, actor="operator:mia"
    )
    return enrol_terminal(word=word, public_key=public)


def agreed(jwk: dict[str, str]) -> None:
    agree_region(
        issuer=f"CN-{uuid.uuid4().hex[:6]}", name="Jiangsu", keys=[jwk], colours=SAME, days=30,
        own_issuer="CN-330100", maker="mia", checkers=["carl", "tess"], approval_id=uuid.uuid4(),
    )  # fmt: skip


def did(jwk: dict[str, str]) -> dict[str, Any]:
    return {"id": "did:web:x", "verificationMethod": [{"publicKeyJwk": jwk}]}


# Every way in which a key becomes somebody's; each is tried after each other.
WAYS: dict[str, Callable[[ec.EllipticCurvePublicKey, dict[str, str]], object]] = {
    "laboratory": lambda public, jwk: make_laboratory(f"Lab {uuid.uuid4()}", public_jwk=jwk),
    "issuer of cards": lambda public, jwk: make_issuer(
        f"Cards {uuid.uuid4()}", jwks={"keys": [pair()[1], jwk]}
    ),
    "issuer by DID": lambda public, jwk: make_issuer(f"DID {uuid.uuid4()}", did_document=did(jwk)),
    "region": lambda public, jwk: agreed(jwk),
    "terminal": lambda public, jwk: enrol(public),
    "phone": lambda public, jwk: mint_code(subject=make_person().subject, device_key=public),
}


@pytest.mark.parametrize("second", WAYS)
@pytest.mark.parametrize("first", WAYS)
def test_a_key_that_is_one_partys_is_no_others(first: str, second: str) -> None:
    public, jwk = pair()
    WAYS[first](public, jwk)
    before = PartyKey.objects.get(fingerprint=fingerprint(public)).party
    with pytest.raises(KeyOfSomebodyElse):
        WAYS[second](public, {**jwk, "kid": "another name"})
    assert PartyKey.objects.get(fingerprint=fingerprint(public)).party == before


@pytest.mark.parametrize("way", WAYS)
def test_no_key_of_ours_is_anybodys(way: str) -> None:
    for row in (ensure_signing_key(), announce_signing_key(), ensure_root()):
        jwk = row.public_jwk
        x, y = (int.from_bytes(base64url(jwk[name])) for name in ("x", "y"))
        public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        with pytest.raises(KeyOfSomebodyElse):
            WAYS[way](public, jwk)


def test_a_key_out_of_force_stays_whose_it_was() -> None:
    public, jwk = pair()
    revoke_terminal(terminal_id=enrol(public).id, actor="operator:mia")
    with pytest.raises(KeyOfSomebodyElse):
        check_laboratory(name="PCR Two", public_jwk=jwk)
    laboratory = make_laboratory("PCR One", public_jwk=pair()[1])
    registration_id = required(laboratory.registration_id, "a laboratory is registered")
    withdraw_source(registration_id=registration_id, actor="operator:mia")
    with pytest.raises(KeyOfSomebodyElse):
        make_laboratory("PCR Two", public_jwk=laboratory.public_jwk)
    again = make_laboratory("PCR One", public_jwk=laboratory.public_jwk)
    assert again.id == laboratory.id


def test_a_guardians_phone_may_show_a_wards_code_with_the_key_of_its_own() -> None:
    public, _ = pair()
    guardian, ward = make_person(), make_person()
    row = make_guardianship(guardian.subject, ward)
    mint_code(subject=guardian.subject, device_key=public)
    mint_code(subject=ward.subject, device_key=public, guardianship=row)
    with pytest.raises(KeyOfSomebodyElse):
        mint_code(subject=ward.subject, device_key=public)


def test_a_phones_key_is_free_again_when_its_last_pass_has_ended() -> None:
    public, jwk = pair()
    first, second = make_person(), make_person()
    pass_ = mint_code(subject=first.subject, device_key=public).record
    new, _ = pair()
    # The phone goes on to another key; its pass of the first is still good.
    mint_code(subject=first.subject, device_key=new, device_id=pass_.device_id)
    assert bytes(Device.objects.get().public_key) != b""
    with pytest.raises(KeyOfSomebodyElse):
        mint_code(subject=second.subject, device_key=public)
    erase_person(subject_id=first.subject_id, actor="subject", purpose="on request")
    with pytest.raises(KeyOfSomebodyElse):
        mint_code(subject=second.subject, device_key=public)
    later(seconds=(pass_.expires_at - clock.now()).total_seconds() + 1)
    assert not PartyKey.objects.filter(fingerprint=fingerprint(public)).exists()
    second.declare()
    mint_code(subject=second.subject, device_key=public)
    with pytest.raises(KeyOfSomebodyElse):
        check_laboratory(name="PCR One", public_jwk=jwk)


def test_a_refused_key_leaves_nothing_of_its_pass() -> None:
    public, _ = pair()
    mint_code(subject=make_person().subject, device_key=public)
    other = make_person()
    with pytest.raises(KeyOfSomebodyElse):
        mint_code(subject=other.subject, device_key=public)
    assert not Pass.objects.filter(subject_id=other.subject_id).exists()
    assert not Device.objects.filter(subject_id=other.subject_id).exists()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")
def test_of_two_who_claim_a_key_at_the_same_moment_one_is_refused() -> None:
    """Registrations anew of two withdrawn bodies, a gate and a phone, all with one new key."""
    public, jwk = pair()
    subject = make_person().subject
    venue = make_gate().venue
    word = invite_terminal(
        venue_id=venue.id, label="Phone", mode=TerminalMode.PHONE, actor="operator:mia"
    )
    barrier, results = threading.Barrier(5), []

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
            results.append("in")
        except KeyOfSomebodyElse:
            results.append("refused")
        finally:
            connection.close()

    acts: list[Callable[[], object]] = [
        lambda: make_laboratory("PCR One", public_jwk=jwk),
        lambda: make_issuer("Cards", jwks={"keys": [jwk]}),
        lambda: agreed(jwk),
        lambda: enrol_terminal(word=word, public_key=public),
        lambda: mint_code(subject=subject, device_key=public),
    ]
    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["in", *["refused"] * 4]
    assert PartyKey.objects.exclude(party="own").count() == 1


def test_the_same_approval_twice_claims_once() -> None:
    approval = uuid.uuid4()
    jwk = pair()[1]
    for _ in range(2):
        make_laboratory("PCR One", public_jwk=jwk, approval_id=approval)
    assert Laboratory.objects.count() == PartyKey.objects.exclude(party="own").count() == 1


def test_a_phone_with_the_key_of_before_keeps_it_for_its_next_pass() -> None:
    public, _ = pair()
    person = make_person()
    first = mint_code(subject=person.subject, device_key=public).record
    later(hours=1)
    second = mint_code(subject=person.subject, device_key=public).record
    assert second.device_id == first.device_id
    assert PartyKey.objects.get(party__startswith="phone:").free_at == max(
        first.expires_at, second.expires_at
    )
    assert second.expires_at - first.expires_at < timedelta(days=2)
