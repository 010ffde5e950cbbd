"""Foreign certificates: verified, their facts taken over, the string forgotten."""

import base64
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from config.kernel import clock
from healthcode.codec import keys
from healthcode.codec.claims import Verified
from healthcode.codec.errors import CertificateRefused
from healthcode.evidence.models import Evidence
from healthcode.evidence.values import EvidenceKind, Source
from healthcode.passes.externals import statements
from healthcode.passes.holders import is_about, named_by
from healthcode.passes.models import TrustedIssuer
from healthcode.passes.usecases.import_certificate import (
    CertificateOfSomebodyElse,
    CertificateTaken,
    import_certificate,
)
from healthcode.subjects.rules import local_day
from healthcode.subjects.values import Identity
from tests.factories import shc as smart
from tests.factories.certificates import NOON, ec_key
from tests.factories.foreign import dsc, negative_test
from tests.factories.health import Person, make_person, settle
from tests.factories.sources import make_issuer

pytestmark = pytest.mark.django_db(transaction=True)
BORN = date(1990, 2, 14)


@pytest.fixture
def france() -> TrustedIssuer:
    """An issuer that is trusted."""
    text = base64.b64encode(dsc()).decode()
    return make_issuer("France", certificate=text)


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
    assert taken.payload["trusted_issuer"] == "France"
    assert payload not in str(taken.payload) + taken.source_ref


def test_nobody_trusted_means_no_evidence(person: Person) -> None:
    with pytest.raises(CertificateRefused):
        import_certificate(subject=person.subject, payload=negative_test())
    make_issuer("Cards", jwks={"keys": [smart.OWN]})
    make_issuer("Passes", did_document={"id": "did:web:x"})
    with pytest.raises(CertificateRefused):
        import_certificate(subject=person.subject, payload=negative_test())


@pytest.mark.parametrize("dob", ["1991-02-14", "", "1990-03", "1", "199", "1990-0"])
def test_the_certificate_of_somebody_else_is_refused(
    person: Person, france: TrustedIssuer, dob: str
) -> None:
    with pytest.raises(CertificateOfSomebodyElse):
        import_certificate(subject=person.subject, payload=negative_test(dob=dob))


def test_a_card_is_kept_as_an_external_certificate(person: Person) -> None:
    make_issuer("Cards", jwks={"keys": [smart.OWN]})
    import_certificate(subject=person.subject, payload=smart.issued())
    taken = Evidence.objects.get(source=Source.CERTIFICATE)
    told = {name: taken.payload[name] for name in ("format", "issuer", "trusted_issuer")}
    assert told == {"format": "SHC", "issuer": "https://lab.example", "trusted_issuer": "Cards"}
    assert set(taken.payload) == {*told, "revocable"}


@pytest.mark.parametrize(
    "resources",
    [
        [{"resourceType": "Immunization"}],
        [{**smart.PATIENT, "name": []}],
        [{**smart.PATIENT, "name": [{"family": "Zhang"}], "birthDate": None}],
        [{"resourceType": "Observation", "contained": [smart.PATIENT]}],
    ],
    ids=["no patient", "no name", "no birthday", "a patient inside"],
)
def test_a_card_that_names_nobody_is_nobodys(
    person: Person, resources: list[dict[str, Any]]
) -> None:
    make_issuer("Cards", jwks={"keys": [smart.OWN]})
    with pytest.raises(CertificateOfSomebodyElse):
        import_certificate(subject=person.subject, payload=smart.issued(*resources))
    assert not Evidence.objects.filter(source=Source.CERTIFICATE).exists()


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


@pytest.mark.parametrize(
    ("row", "moment"),
    [
        (POSITIVE, "2022-05-01T15:59:00+00:00"),
        ({**POSITIVE, "tr": "260415000"}, "2022-04-30T16:00:00+00:00"),
        ({**POSITIVE, "sc": "2022-05-01T02:00:00Z"}, "2022-05-01T02:00:00+00:00"),
    ],
)
def test_a_certificates_day_is_read_for_nobodys_relief(row: dict[str, Any], moment: str) -> None:
    certificate = Verified("HC1", {"t": [row]}, "FR", keys.Key(ec_key().public_key()))
    (statement,) = statements(certificate, at=NOON)
    assert statement.observed_at == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "changes",
    [
        {"tg": "6142004"},
        {"tt": "LP6464-5"},
        {"tt": None},
        {"tr": "260385009"},
        {"tg": ["840539006"]},
        {"tg": "840539006 "},
        {"tg": "８40539006"},
    ],
    ids=str,
)
@pytest.mark.parametrize("result", ["260373001", "260415000"])
def test_a_test_of_anything_else_neither_reddens_nor_clears(
    france: TrustedIssuer, changes: dict[str, Any], result: str
) -> None:
    person = make_person()
    row = {"tg": COVID, "tt": PCR, "tr": result, "sc": clock.now().isoformat(), **changes}
    assert (
        import_certificate(subject=person.subject, payload=negative_test(t=[row])).colour == "GREEN"
    )
    person.evidence(EvidenceKind.NAAT, result="positive", status="preliminary")
    settle()
    again = negative_test(t=[{**row, "ci": "URN:UVCI:01:FR:AGAIN"}])
    assert import_certificate(subject=person.subject, payload=again).colour == "YELLOW"
    assert not Evidence.objects.filter(source=Source.CERTIFICATE).exists()


def somebody(name: str, born: date = BORN) -> Person:
    """Another account, of another document."""

    class Named(Person):
        @property
        def identity(self) -> Identity:
            return replace(super().identity, name=name, birth_date=born)

    person = Named()
    person.declare()
    return person


def test_one_certificate_is_one_persons_however_it_is_written(
    person: Person, france: TrustedIssuer
) -> None:
    row = {
        "tg": "840539006", "tt": "LP6464-4", "tr": "260415000", "sc": clock.now().isoformat(),
        "ci": "URN:UVCI:1",
    }  # fmt: skip
    import_certificate(subject=person.subject, payload=negative_test(t=[row]))
    again = negative_test(t=[row], ver="1.3.1")
    import_certificate(subject=person.subject, payload=again)
    assert Evidence.objects.filter(source=Source.CERTIFICATE).count() == 1
    twin = somebody("张四")
    with pytest.raises(CertificateTaken):
        import_certificate(subject=twin.subject, payload=again)
    assert not Evidence.objects.filter(subject=twin.subject, source="certificate").exists()


@pytest.mark.parametrize(
    ("name", "nam", "good"),
    [
        ("张三", {"fnt": "ZHANG", "gnt": "SAN"}, True),
        ("李三", {"fnt": "ZHANG", "gnt": "SAN"}, False),
        ("Zhang San", {"fnt": "ZHANG", "gnt": "SAN"}, True),
        ("San Zhang", {"fnt": "ZHANG", "gnt": "SAN"}, True),
        ("Zhang Si", {"fnt": "ZHANG", "gnt": "SAN"}, False),
        ("Li San", {"fnt": "ZHANG", "gnt": "SAN"}, False),
        ("张三", {"fnt": "ZHANG", "fn": "张三"}, True),
        ("张三", {"fnt": "ZHANG", "fn": "张四"}, False),
        ("Jürgen Müller", {"fnt": "MUELLER", "gnt": "JUERGEN"}, True),
        ("Zhang San", {}, False),
        # Twins who share a second given name, a short and a long form, a family name unheard of.
        ("Anna Maria Rossi", {"fnt": "ROSSI", "gnt": "LUCIA<MARIA"}, False),
        ("Maria Rossi", {"fnt": "ROSSI", "gnt": "MARIA<LUCIA"}, True),
        ("Anna Maria Rossi", {"fnt": "ROSSI", "gnt": "ANNA"}, True),
        ("Rossi", {"fnt": "ROSSI", "gnt": "ANNA"}, False),
        ("司马光", {"fnt": "SIMA", "gnt": "GUANG"}, True),
        ("仝三", {"fnt": "ZHANG", "gnt": "SAN"}, False),
        # Chinese twins, readings and spellings that differ, a second name of another language.
        ("张四", {"fnt": "ZHANG", "gnt": "SAN"}, False),
        ("司马光", {"fnt": "SIMA", "gnt": "YI"}, False),
        ("单田芳", {"fnt": "SHAN", "gnt": "TIANFANG"}, True),
        ("吕布", {"fnt": "LYU", "gnt": "BU"}, True),
        ("吕布", {"fnt": "LV", "gnt": "BU"}, True),
        ("李偉", {"fnt": "LI", "gnt": "WEI<DAVID"}, True),
        ("李偉", {"fnt": "LI"}, True),
        # Characters that older sets leave out: read like others, and told apart.
        ("吴玥㛃", {"fnt": "WU", "gnt": "YUEJIE"}, True),
        ("吴玥㛃", {"fn": "吴", "gn": "玥㜏"}, False),
        ("张𬸚", {"fnt": "ZHANG", "gnt": "YUE"}, True),
        ("张𬸚", {"fn": "张", "gn": "𬍛"}, False),
        ("张欸", {"fnt": "ZHANG", "gnt": "E"}, True),
    ],
)
def test_a_certificate_is_taken_by_whom_it_names(
    france: TrustedIssuer, name: str, nam: dict[str, str], good: bool
) -> None:
    person = somebody(name)
    payload = negative_test(nam=nam)
    if good:
        assert import_certificate(subject=person.subject, payload=payload).colour == "GREEN"
        return
    with pytest.raises(CertificateOfSomebodyElse):
        import_certificate(subject=person.subject, payload=payload)


@pytest.mark.parametrize(("kind", "subject"), [
    ("NZCP", {"givenName": "San", "familyName": "Zhang", "dob": "1990-02-14"}),
    ("SHC", {"fhirBundle": {"entry": [{"resource": {
        "resourceType": "Patient", "birthDate": "1990-02-14",
        "name": [{"family": "Zhang", "given": ["San"]}]}}]}}),
])  # fmt: skip
def test_cards_and_passes_name_a_person_too(kind: str, subject: dict[str, Any]) -> None:
    found = Verified(
        kind, {"vc": {"credentialSubject": subject}}, "X", keys.Key(ec_key().public_key())
    )
    named = named_by(found)
    assert named is not None
    assert is_about(named, name="张三", birth_date=BORN)
    assert not is_about(named, name="李四", birth_date=BORN)
    assert not is_about(named, name="张三", birth_date=date(1990, 2, 15))


def test_what_is_dated_today_is_of_today_after_midnight_in_shanghai() -> None:
    at = datetime(2026, 3, 1, 17, 15, tzinfo=UTC)
    found = Verified(
        "HC1",
        {"v": [{"tg": "840539006", "dt": "2026-03-02"}]},
        "FR",
        keys.Key(ec_key().public_key()),
    )
    [dose] = statements(found, at=at)
    assert dose.observed_at <= at
    assert local_day(dose.observed_at) == date(2026, 3, 2)
    auckland = ZoneInfo("Pacific/Auckland")
    [dose] = statements(found, at=at, zone=auckland)
    assert local_day(dose.observed_at, auckland) == date(2026, 3, 2)
