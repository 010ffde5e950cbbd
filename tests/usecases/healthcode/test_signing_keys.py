"""Signing keys: announced before they sign, verifying after, destroyed in the end."""

from datetime import timedelta

import pytest

from config.kernel import clock
from healthcode.codec import sh1
from healthcode.passes import lists, queries
from healthcode.passes.models import SigningKey
from healthcode.passes.usecases.rotate_signing_key import (
    announce_signing_key,
    destroy_retired_keys,
    ensure_signing_key,
    keep_rotating,
    next_rotation,
    rotate_signing_key,
)
from tests.factories.health import make_person

pytestmark = pytest.mark.django_db(transaction=True)


def states() -> list[str]:
    return list(SigningKey.objects.order_by("id").values_list("state", flat=True))


def test_the_next_key_is_published_before_it_signs() -> None:
    ensure_signing_key()
    waiting = announce_signing_key()
    assert announce_signing_key().id == waiting.id
    assert states() == ["ACTIVE", "PENDING"]
    published = [key["sh1_kid"] for key in lists.trust_list(at=clock.now())["keys"]]
    assert waiting.kid in published
    assert waiting.kid.encode() not in [key.kid.hex().encode() for key in queries.trusted_keys()]
    assert rotate_signing_key(actor="operator:mia").id == waiting.id
    assert states() == ["VERIFY_ONLY", "ACTIVE"]


def test_keys_rotate_by_themselves_every_ninety_days() -> None:
    ensure_signing_key()
    first = next_rotation()
    assert first is not None
    assert keep_rotating(now=first - timedelta(seconds=1)) == 0
    assert keep_rotating(now=first) == 1
    assert states() == ["ACTIVE", "PENDING"]
    second = next_rotation()
    assert second is not None
    assert keep_rotating(now=second) == 1
    assert states() == ["VERIFY_ONLY", "ACTIVE"]


def test_an_old_key_verifies_until_it_is_destroyed() -> None:
    code = make_person().code()
    rotate_signing_key(actor="operator:mia")
    assert sh1.verify(code, queries.trusted_keys(), at=clock.now())
    assert destroy_retired_keys(now=clock.now() + timedelta(days=182)) == 1
    assert states() == ["DESTROYED", "ACTIVE"]
    assert SigningKey.objects.filter(state="DESTROYED", sealed_private_key=None).exists()


def test_lists_carry_a_version_that_grows() -> None:
    ensure_signing_key()
    at = clock.now()
    versions = [lists.trust_list(at=at + timedelta(seconds=n))["version"] for n in range(3)]
    assert versions == sorted(set(versions))
    assert lists.deny_list(at=at)["version"] > 0
