"""Keys of bodies, gates and phones from before all of them stood in one table."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from healthcode.codec.keys import compressed, fingerprint, from_jwk
from healthcode.decisions.models import Laboratory, PartyKey
from healthcode.passes.usecases.rotate_signing_key import ensure_signing_key
from healthcode.subjects.models import Device
from tests.factories.health import make_person
from tests.factories.sources import CARDS_JWK, make_issuer, make_laboratory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
BEFORE = [("health_verification", "0002_access_log_entry"), ("health_decisions", "0001_tables")]


def test_each_key_is_written_down_once_for_whom_it_should_have_been() -> None:
    ours = ensure_signing_key().public_jwk
    laboratory = make_laboratory()
    make_issuer("Cards", jwks={"keys": [CARDS_JWK]})
    phone = ec.generate_private_key(ec.SECP256R1()).public_key()
    person = make_person().subject
    Device.objects.create(subject=person, public_key=compressed(phone))
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        MigrationExecutor(connection).migrate(BEFORE)
        # As it could be then: a laboratory that offered our own key as its own.
        Laboratory.objects.create(name="Mine", public_jwk=ours, kid="mine")
    finally:
        MigrationExecutor(connection).migrate(leaves)
    parties = dict(PartyKey.objects.values_list("fingerprint", "party"))
    assert parties == {
        fingerprint(from_jwk(ours).public): "own",
        fingerprint(from_jwk(laboratory.public_jwk).public): "laboratory:PCR One",
        fingerprint(from_jwk(CARDS_JWK).public): "issuer:Cards",
        fingerprint(phone): f"phone:{person.alias}",
    }
    assert PartyKey.objects.exclude(free_at=None).get().party == f"phone:{person.alias}"
