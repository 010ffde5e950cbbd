"""Regions that agree: a pass of one opens a gate of the other, by its colour alone."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from config.kernel import clock
from healthcode.codec import sh1
from healthcode.codec.keys import short_kid, to_jwk
from healthcode.decisions.usecases.claim_keys import KeyOfSomebodyElse
from healthcode.passes import lists
from healthcode.passes import queries as passes
from healthcode.passes.models import RegionAgreement
from healthcode.passes.usecases.agree_region import AgreementRefused, check_agreement
from healthcode.verification.models import AccessLogEntry, Verification
from tests.factories.health import later, make_gate, make_person
from tests.factories.regions import JIANGSU, SAME, THEIRS, agreed, shown

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def fresh() -> None:
    """A process that remembers no keys."""
    passes.forget_keys()


def test_a_green_pass_of_the_other_region_opens_the_gate_and_leaves_no_trace_of_a_person() -> None:
    gate = make_gate()
    make_person()
    assert gate.verify(shown()).status_code == 401
    agreed()
    answer = gate.verify(shown()).json()
    assert (answer["verdict"], answer["colour"], answer["name_hint"]) == (
        "ADMITTED",
        "GREEN",
        "王*",
    )
    assert not AccessLogEntry.objects.exists()
    assert not Verification.objects.filter(subject__isnull=False).exists()


def test_their_colours_are_mapped_to_ours_and_what_is_not_mapped_is_grey() -> None:
    gate = make_gate()
    agreed(colours={"YELLOW": "RED"})
    found = {
        colour.name: gate.verify(shown(colour)).json()["colour"]
        for colour in (sh1.Colour.GREEN, sh1.Colour.YELLOW)
    }
    assert found == {"GREEN": "UNKNOWN", "YELLOW": "RED"}


def test_an_agreement_ends_by_itself() -> None:
    gate = make_gate()
    agreed(days=1)
    later(days=1)
    passes.forget_keys()
    assert gate.verify(shown()).status_code == 401


def test_their_key_makes_no_pass_of_ours_and_takes_over_none() -> None:
    gate, person = make_gate(), make_person()
    agreed()
    assert gate.verify(shown(issuer="CN-330100")).status_code == 401
    assert gate.verify(shown(kind=sh1.Kind.SPECIMEN)).status_code == 422
    own = sh1.verify(person.code(), passes.trusted_keys(), at=clock.now()).claims
    assert gate.verify(shown(issuer="CN-330100", cti=own.cti)).status_code == 401


def test_a_foreign_pass_lives_no_longer_than_ours_do() -> None:
    gate, now = make_gate(), clock.now()
    agreed()
    for days, status in ((400, 401), (1.01, 401), (1, 200)):
        pass_of_days = shown(expires_at=now + timedelta(days=days), issued_at=now)
        assert gate.verify(pass_of_days).status_code == status
    old = shown(issued_at=now - timedelta(days=399), expires_at=now + timedelta(days=1))
    assert gate.verify(old).status_code == 401


def test_paper_of_another_region_says_whom_to_look_up_elsewhere() -> None:
    gate = make_gate()
    agreed()
    paper = shown(kind=sh1.Kind.PAPER)
    assert gate.verify(paper, identity_checked=True).status_code == 401


def test_nobody_offers_our_own_keys_or_another_regions_as_theirs() -> None:
    make_person()
    published = lists.trust_list(at=clock.now())
    wish: dict[str, Any] = {"colours": SAME, "days": 30, "own_issuer": "CN-330100"}
    agreed()
    theirs = to_jwk(THEIRS.public_key())
    for jwk in [*published["keys"], *published["roots"], theirs]:
        fresh_key = to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key())
        with pytest.raises(KeyOfSomebodyElse) as refused:
            check_agreement(issuer="CN-340000", keys=[fresh_key, jwk], **wish)
        assert refused.value.field == "keys"
    assert check_agreement(issuer=JIANGSU, keys=[theirs], **wish)


def test_verifiers_without_network_learn_of_the_agreement_from_the_trust_list() -> None:
    make_person()
    agreed()
    [region] = lists.trust_list(at=clock.now())["regions"]
    assert (region["issuer"], region["colours"]["GREEN"]) == (JIANGSU, "GREEN")
    assert region["keys"][0]["sh1_kid"] == short_kid(to_jwk(THEIRS.public_key())).hex()


def test_a_new_agreement_ends_the_one_before() -> None:
    agreed()
    row = RegionAgreement.objects.get()
    later(hours=1)
    RegionAgreement.objects.filter(id=row.id).update(approval_id=row.id)
    assert row.valid_until > clock.now()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"issuer": "CN-330100"}, "issuer"),
        ({"issuer": ""}, "issuer"),
        ({"keys": []}, "keys"),
        ({"keys": [{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}]}, "keys"),
        ({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA"}]}, "keys"),
        ({"colours": {"GREEN": "BLUE"}}, "colours"),
        ({"colours": []}, "colours"),
        ({"days": 367}, "days"),
        ({"days": True}, "days"),
    ],
)
def test_what_is_no_agreement_is_not_even_asked_for(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(AgreementRefused) as refused:
        agreed(**changes)
    assert refused.value.field == field
