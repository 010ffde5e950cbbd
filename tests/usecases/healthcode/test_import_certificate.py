"""Foreign certificates: verified, their facts taken over, the string forgotten."""

import base64
from typing import Any

import pytest

from config.kernel import clock
from healthcode.codec import keys
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
from tests.factories import shc as smart
from tests.factories.certificates import NOON, ec_key
from tests.factories.foreign import dsc, negative_test
from tests.factories.health import Person, make_person, settle

pytestmark = pytest.mark.django_db(transaction=True)


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
    row = {"tg": "840539006", "tt": "LP6464-4", "tr": "260415000", "sc": clock.now().isoformat()}
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
    TrustedIssuer.objects.create(name="Cards", jwks={"keys": [smart.OWN]})
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
    TrustedIssuer.objects.create(name="Cards", jwks={"keys": [smart.OWN]})
    import_certificate(subject=person.subject, payload=smart.issued())
    taken = Evidence.objects.get(source=Source.CERTIFICATE)
    assert taken.payload == {"format": "SHC", "issuer": "https://lab.example"}


COVID, PCR, RAPID = "840539006", "LP6464-4", "LP217198-3"
POSITIVE = {"tg": COVID, "tt": PCR, "tr": "260373001", "sc": "2022-05-01"}
DOSE = {"tg": COVID, "dt": "2021-05-01", "dn": 2, "sd": 2}


@pytest.mark.parametrize(
    ("dcc", "kinds"),
    [
        ({"t": [{**POSITIVE, "tt": RAPID}]}, ["antigen"]),
        ({"t": [{**POSITIVE, "sc": 1650000000000}, {**POSITIVE, "tr": "x"}]}, ["naat"]),
        ({"t": [{**POSITIVE, "sc": 10**20}, "no row"]}, []),
        ({"v": [DOSE, {**DOSE, "dt": "May"}]}, ["vaccination"]),
        ({"r": [{"tg": COVID, "fr": "2021-05-01"}, {"tg": COVID}]}, ["recovery"]),
        ({"r": None}, []),
        # Influenza, no disease at all, and a test of no known type are not evidence.
        ({"t": [{**POSITIVE, "tg": "6142004"}]}, []),
        ({"t": [{**POSITIVE, "tg": None}], "v": [{"dt": "2021-05-01"}]}, []),
        ({"v": [{**DOSE, "tg": "6142004"}], "r": [{"tg": "6142004", "fr": "2021-05-01"}]}, []),
        ({"t": [{**POSITIVE, "tt": "LP6464-5"}, {**POSITIVE, "tt": None}]}, []),
        ({"t": [{**POSITIVE, "tg": 840539006}]}, []),
    ],
)
def test_rows_become_evidence_where_they_can_be_read(dcc: dict[str, Any], kinds: list[str]) -> None:
    found = Verified("HC1", dcc, "FR", keys.Key(ec_key().public_key()))
    assert [statement.kind.value for statement in statements(found, at=NOON)] == kinds
