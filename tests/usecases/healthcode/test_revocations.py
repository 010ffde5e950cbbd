"""Certificates that were taken back: others' lists taken, our own published in the EU's format."""

import base64
import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from config.kernel import clock
from config.kernel.audit.models import AuditEvent
from healthcode.codec import keys
from healthcode.codec.errors import CertificateRefused
from healthcode.codec.revocation import HashType, read_batch
from healthcode.decisions import queries
from healthcode.evidence.models import Evidence
from healthcode.evidence.usecases.record_evidence import retract_evidence
from healthcode.evidence.values import EvidenceKind, Source
from healthcode.passes import dcc
from healthcode.passes.models import RevokedCertificate, TrustedIssuer
from healthcode.passes.usecases.import_certificate import import_certificate
from healthcode.passes.usecases.take_revocations import (
    IssuerUnknown,
    RevocationListOutdated,
    take_batch,
    take_crl,
)
from tests.factories import shc as smart
from tests.factories.foreign import dsc, negative_test
from tests.factories.health import later, make_person, settle
from tests.factories.sources import make_issuer

pytestmark = pytest.mark.django_db(transaction=True)
UVCI = "URN:UVCI:01:FR:T5DWTJYS4ZR8#4"


@pytest.fixture
def france() -> TrustedIssuer:
    """An issuer that is trusted."""
    return make_issuer("France", certificate=base64.b64encode(dsc()).decode())


def short(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()[:16]).decode()


def certified(uvci: str = UVCI) -> str:
    row = {
        "tg": "840539006", "tt": "LP6464-4", "tr": "260415000", "co": "FR",
        "sc": clock.now().isoformat(), "ci": uvci,
    }  # fmt: skip
    return negative_test(t=[row])


def batch(kind: str, name: str, kid: str = "", **changes: Any) -> str:
    own = base64.b64encode(keys.from_certificate(dsc()).kid).decode()
    content = {
        "country": "FR", "expires": (clock.now() + timedelta(days=2)).isoformat(),
        "kid": kid or own, "hashType": kind, "entries": [{"hash": name}], **changes,
    }  # fmt: skip
    return json.dumps(content)


@pytest.mark.parametrize(
    ("kind", "name"), [("UCI", short(UVCI)), ("COUNTRYCODEUCI", short(f"FR{UVCI}"))]
)
@pytest.mark.parametrize("kid", ["", "UNKNOWN_KID"])
def test_what_an_eu_batch_names_is_no_evidence_until_the_batch_ends(
    france: TrustedIssuer, kind: str, name: str, kid: str
) -> None:
    person = make_person()
    for _ in range(2):
        assert take_batch(issuer="France", data=batch(kind, name, kid), actor="system:test") == 1
    with pytest.raises(CertificateRefused) as refused:
        import_certificate(subject=person.subject, payload=certified())
    assert (refused.value.stage, refused.value.reason) == ("revocation", "revoked")
    assert not Evidence.objects.filter(source=Source.CERTIFICATE).exists()
    import_certificate(subject=person.subject, payload=certified("URN:UVCI:01:FR:OTHER#1"))
    assert Evidence.objects.filter(source=Source.CERTIFICATE).count() == 1
    later(days=2)
    assert not RevokedCertificate.objects.exists()


@pytest.mark.parametrize("kind", ["UCI", "COUNTRYCODEUCI"])
def test_what_was_imported_before_the_batch_came_is_taken_back(
    france: TrustedIssuer, kind: str
) -> None:
    named, other = make_person(), make_person()
    import_certificate(subject=named.subject, payload=certified())
    import_certificate(subject=other.subject, payload=certified("URN:UVCI:01:FR:OTHER#1"))
    name = short(UVCI if kind == "UCI" else f"FR{UVCI}")
    for _ in range(2):
        take_batch(issuer="France", data=batch(kind, name), actor="system:test")
    standing = Evidence.objects.filter(source=Source.CERTIFICATE, evidence__isnull=True)
    [kept] = standing.filter(retracts__isnull=True)
    assert kept.subject_id == other.subject_id
    settle()
    assert queries.facts_of(named.subject_id, at=clock.now())["negative"] == {}
    taken = AuditEvent.objects.filter(action="health.take_revocations").order_by("seq")
    assert [(event.after or {})["evidence_taken_back"] for event in taken] == [1, 0]


def test_a_batch_of_another_key_or_issuer_names_nothing_here(france: TrustedIssuer) -> None:
    make_issuer("Cards", jwks={"keys": [smart.OWN]})
    take_batch(
        issuer="France", data=batch("UCI", short(UVCI), kid="AAAAAAAAAAA="), actor="system:test"
    )
    take_batch(issuer="Cards", data=batch("UCI", short(UVCI)), actor="system:test")
    import_certificate(subject=make_person().subject, payload=certified())
    assert Evidence.objects.filter(source=Source.CERTIFICATE).count() == 1
    with pytest.raises(IssuerUnknown):
        take_batch(issuer="Nobody", data=batch("UCI", short(UVCI)), actor="system:test")


def test_a_newer_list_of_cards_replaces_the_one_before() -> None:
    make_issuer("Cards", jwks={"keys": [smart.OWN]})
    for counter, rids in ((1, ["a", "b.1600000000"]), (2, ["c"])):
        crl = json.dumps({"kid": "k", "method": "rid", "ctr": counter, "rids": rids})
        assert take_crl(issuer="Cards", data=crl, actor="system:test") == len(rids)
    assert [row.name for row in RevokedCertificate.objects.all()] == ["c"]
    assert take_crl(issuer="Cards", data=crl, actor="system:test") == 1


@pytest.mark.parametrize(("counter", "rids"), [(1, ["a"]), (4, []), (5, []), (5, ["a", "b"])])
def test_an_older_list_of_cards_or_another_of_the_same_number_replaces_none(
    counter: int, rids: list[str]
) -> None:
    make_issuer("Cards", jwks={"keys": [smart.OWN]})
    facts = {"kid": "k", "method": "rid", "ctr": 5, "rids": ["a"]}
    take_crl(issuer="Cards", data=json.dumps(facts), actor="system:test")
    older = json.dumps({**facts, "ctr": counter, "rids": rids})
    with pytest.raises(RevocationListOutdated):
        take_crl(issuer="Cards", data=older, actor="system:test")
    assert [row.name for row in RevokedCertificate.objects.all()] == ["a"]
    other_key = json.dumps({**facts, "kid": "another", "ctr": 1})
    assert take_crl(issuer="Cards", data=other_key, actor="system:test") == 1


def test_our_own_that_were_taken_back_are_published_by_hash() -> None:
    person = make_person()
    kept = person.evidence(EvidenceKind.NAAT, result="negative")
    gone = person.evidence(EvidenceKind.NAAT, result="negative")
    client = APIClient()
    address = "/api/v1/health/certificates/revocations"
    assert client.get(address).json() == {"batches": []}
    retract_evidence(evidence_id=gone.id, reason="mixed up")
    (text,) = client.get(address).json()["batches"]
    listed = read_batch(text)
    assert (listed.country, listed.hash_type) == (dcc.COUNTRY, HashType.UCI)
    assert listed.entries == {short(dcc.identifier(gone.id))}
    assert short(dcc.identifier(kept.id)) not in listed.entries
    assert str(person.subject_id) not in text


def test_the_command_takes_a_list_and_says_what_is_wrong(
    france: TrustedIssuer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "batch.json"
    file.write_text(batch("UCI", short(UVCI)), encoding="utf-8")
    call_command("take_revocations", "eu", "France", str(file))
    assert capsys.readouterr().out == "1 certificates\n"
    with pytest.raises(CommandError, match="revocation_list_malformed"):
        call_command("take_revocations", "shc", "France", str(file))
