"""Foreign certificates: verified, their facts taken over, the string forgotten."""

import base64
from datetime import date, timedelta
from typing import Any

import pytest

from config.kernel import clock
from healthcode.codec import cose, hc1, keys
from healthcode.codec.claims import Verified
from healthcode.codec.errors import CertificateRefused
from healthcode.evidence.models import Evidence
from healthcode.evidence.values import EvidenceKind, Source
from healthcode.passes.externals import statements
from healthcode.passes.models import TrustedIssuer
from healthcode.passes.usecases.import_certificate import (
    CertificateOfSomebodyElse,
    import_certificate,
)
from tests.factories.certificates import NOON, certificate, ec_key
from tests.factories.health import Person, make_person, settle
from tests.unit.healthcode.codec import test_shc

pytestmark = pytest.mark.django_db(transaction=True)
BORN = date(1990, 2, 14)


def dsc() -> bytes:
    """A signer's certificate that is valid now."""
    now = clock.now().replace(microsecond=0, second=0, minute=0, hour=0)
    return certificate(
        ec_key("dsc"), valid_from=now - timedelta(days=9), valid_until=now + timedelta(days=9)
    )


def negative_test(**changes: Any) -> str:
    """An EU test certificate of somebody born on BORN."""
    now = clock.now()
    row = {"tg": "840539006", "tt": "LP6464-4", "tr": "260415000", "co": "FR",
           "sc": (now - timedelta(minutes=1)).isoformat()}  # fmt: skip
    dcc = {"ver": "1.3.0", "nam": {"fnt": "ZHANG"}, "dob": "1990-02-14", "t": [row], **changes}
    return hc1.issue(
        dcc, issuer="FR", kid=keys.from_certificate(dsc()).kid,
        signer=cose.es256_signer(ec_key("dsc")),
        issued_at=now - timedelta(minutes=1), expires_at=now + timedelta(days=1),
    )  # fmt: skip


@pytest.fixture
def france() -> TrustedIssuer:
    """An issuer that is trusted."""
    text = base64.b64encode(dsc()).decode()
    return TrustedIssuer.objects.create(name="France", certificate=text)


@pytest.fixture
def person() -> Person:
    """Somebody with a positive first reading of a machine."""
    person = make_person()
    person.evidence(EvidenceKind.NAAT, result="positive", status="preliminary")
    settle()
    return person


def test_a_negative_test_of_a_trusted_issuer_clears_a_first_reading(
    person: Person, france: TrustedIssuer
) -> None:
    row = {"tt": "LP6464-4", "tr": "260415000", "sc": clock.now().isoformat()}
    payload = negative_test(t=[row])
    for _ in range(2):
        decision = import_certificate(subject=person.subject, payload=payload)
    assert decision.colour == "GREEN"
    taken = Evidence.objects.get(source=Source.CERTIFICATE)
    assert (taken.kind, taken.payload["result"]) == ("naat", "negative")
    assert payload not in str(taken.payload) + taken.source_ref


def test_nobody_trusted_means_no_evidence(person: Person) -> None:
    with pytest.raises(CertificateRefused):
        import_certificate(subject=person.subject, payload=negative_test())
    TrustedIssuer.objects.create(name="Cards", jwks={"keys": [test_shc.OWN]})
    TrustedIssuer.objects.create(name="Passes", did_document={"id": "did:web:x"})
    with pytest.raises(CertificateRefused):
        import_certificate(subject=person.subject, payload=negative_test())


@pytest.mark.parametrize("dob", ["1991-02-14", "", "1990-03"])
def test_the_certificate_of_somebody_else_is_refused(
    person: Person, france: TrustedIssuer, dob: str
) -> None:
    with pytest.raises(CertificateOfSomebodyElse):
        import_certificate(subject=person.subject, payload=negative_test(dob=dob))


def test_a_card_is_kept_as_an_external_certificate(person: Person) -> None:
    TrustedIssuer.objects.create(name="Cards", jwks={"keys": [test_shc.OWN]})
    import_certificate(subject=person.subject, payload=test_shc.issued())
    taken = Evidence.objects.get(source=Source.CERTIFICATE)
    assert taken.payload == {"format": "SHC", "issuer": "https://lab.example"}


@pytest.mark.parametrize(
    ("dcc", "kinds"),
    [
        ({"t": [{"tr": "260373001", "tt": "LP217198-3", "sc": "2022-05-01"}]}, ["antigen"]),
        ({"t": [{"tr": "260373001", "sc": 1650000000000}, {"tr": "x", "sc": "2022"}]}, ["antigen"]),
        ({"t": [{"tr": "260373001", "sc": 10**20}, "no row"]}, []),
        ({"v": [{"dt": "2021-05-01", "dn": 2, "sd": 2}, {"dt": "May"}]}, ["vaccination"]),
        ({"r": [{"fr": "2021-05-01"}, {}]}, ["recovery"]),
        ({"r": None}, []),
    ],
)  # fmt: skip
def test_rows_become_evidence_where_they_can_be_read(dcc: dict[str, Any], kinds: list[str]) -> None:
    found = Verified("HC1", dcc, "FR", keys.Key(ec_key().public_key()))
    assert [statement.kind.value for statement in statements(found, at=NOON)] == kinds
