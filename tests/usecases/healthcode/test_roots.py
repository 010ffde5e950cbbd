"""Trust lists are signed by a root, and each root but the first is vouched for."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from config.kernel import clock
from config.kernel.audit.models import AuditEvent
from healthcode.codec import cose
from healthcode.codec.jws import json_object, parse
from healthcode.codec.keys import from_jwk
from healthcode.passes import lists
from healthcode.passes.models import RootKey
from healthcode.passes.usecases.rotate_root_key import ensure_root, rotate_root

pytestmark = pytest.mark.django_db(transaction=True)


def is_signed(jws: str, jwk: object) -> bool:
    message = parse(jws)
    public = from_jwk(jwk).public  # type: ignore[arg-type]
    return cose.is_signature(cose.ES256, public, message.signature, message.signed_bytes)


def test_the_root_signs_the_trust_list_and_no_pass_key_does() -> None:
    found = lists.trust_list(at=clock.now())
    assert parse(found["jws"]).header["kid"] == found["roots"][-1]["kid"]
    assert is_signed(found["jws"], found["roots"][-1])
    assert not any(is_signed(found["jws"], key) for key in found["keys"])
    assert {root["kid"] for root in found["roots"]}.isdisjoint(
        {key["kid"] for key in found["keys"]}
    )
    assert json_object(parse(found["jws"]).payload)["roots"] == found["roots"]


def test_the_deny_list_is_signed_by_a_key_of_the_trust_list() -> None:
    trust, deny = lists.trust_list(at=clock.now()), lists.deny_list(at=clock.now())
    assert any(is_signed(deny["jws"], key) for key in trust["keys"])


def test_each_root_vouches_for_the_next_and_signs_nothing_more() -> None:
    ensure_root()
    call_command("rotate_trust_root", actor="operator:ann")
    rotate_root(actor="operator:ben")
    found = lists.trust_list(at=clock.now())
    first, second, third = found["roots"]
    assert first["endorsement"] == ""
    for former, following in ((first, second), (second, third)):
        assert is_signed(following["endorsement"], former)
        statement = json_object(parse(following["endorsement"]).payload)
        assert (statement["use"], statement["key"]["kid"]) == ("saoma-root", following["kid"])
    assert is_signed(found["jws"], third)
    assert [row.sealed_private_key is None for row in RootKey.objects.all()] == [True, True, False]
    assert AuditEvent.objects.filter(action="health.rotate_root").count() == 2


def test_two_roots_are_never_in_force() -> None:
    ensure_root()
    with pytest.raises(IntegrityError), transaction.atomic():
        RootKey.objects.create(kid="x", public_jwk={}, sealed_private_key=b"x")
