"""European certificates of our own: made, verified by our own decoder, true to the schema."""

import json
import uuid
from datetime import timedelta
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from config.kernel import clock
from healthcode.codec import hc1
from healthcode.codec.keys import from_certificate
from healthcode.evidence.usecases.record_evidence import retract_evidence
from healthcode.evidence.values import EvidenceKind, Source
from healthcode.passes import dcc
from healthcode.passes.models import SigningKey
from healthcode.passes.usecases.export_certificate import export_certificate
from healthcode.subjects.models import Subject
from tests.factories.health import Person, make_person, make_phone, settle
from tests.vectors import load

pytestmark = pytest.mark.django_db(transaction=True)
ZHANG = dcc.LatinName("Zhang", "San")
TEST, DOSE = EvidenceKind.NAAT, EvidenceKind.VACCINATION
ALLOWED = {
    "tg": "disease-agent-targeted", "tr": "test-result", "tt": "test-type", "co": "country-2-codes"
}  # fmt: skip


def exported(person: Person, kind: EvidenceKind = TEST, **payload: Any) -> dict[str, Any]:
    """Export and verify; the content."""
    source = Source.AUTHORITY if kind is DOSE else Source.LABORATORY
    row = person.evidence(kind, source, **payload)
    text = export_certificate(subject=person.subject, evidence_id=row.id, latin_name=ZHANG)
    key = from_certificate(SigningKey.objects.get(state="ACTIVE").certificate)
    return hc1.verify(text, [key], at=clock.now()).payload


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        (TEST, {"result": "negative", "laboratory": "Hangzhou First"}),
        (EvidenceKind.ANTIGEN, {"result": "positive"}),
        (DOSE, {"product": "CoronaVac", "dose": 2, "of": 2}),
    ],
)
def test_what_is_exported_keeps_to_the_schema_and_the_value_sets(
    kind: EvidenceKind, payload: dict[str, Any]
) -> None:
    content = exported(make_person(), kind, **payload)
    jsonschema.validate(content, load("dcc-combined-1.3.x.schema.json"))
    sets = load("dcc-valuesets.json")["sets"]
    [entry] = content.get("t") or content["v"]
    for name, allowed in ALLOWED.items():
        assert entry.get(name) is None or f'"{entry[name]}"' in json.dumps(sets[allowed])
    assert content["nam"] == {"fn": "张三", "fnt": "ZHANG", "gnt": "SAN"}


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        (TEST, {"result": "positive", "status": "preliminary"}),
        (TEST, {"result": "unclear"}),
        (DOSE, {"product": "homemade", "dose": 1, "of": 2}),
        (DOSE, {"product": "CoronaVac", "dose": 0, "of": 2}),
    ],
)
def test_what_the_value_sets_do_not_have_is_not_exported(
    kind: EvidenceKind, payload: dict[str, Any]
) -> None:
    with pytest.raises(dcc.NotExportable):
        exported(make_person(), kind, **payload)


def test_a_certificate_of_our_own_ends_with_its_signer_at_the_latest() -> None:
    person = make_person()
    row = person.evidence(TEST, result="negative")
    text = export_certificate(subject=person.subject, evidence_id=row.id, latin_name=ZHANG)
    key = from_certificate(SigningKey.objects.get().certificate)
    found = hc1.verify(text, [key], at=clock.now())
    assert found.expires_at is not None
    assert key.valid_until is not None
    assert found.expires_at <= key.valid_until
    assert found.expires_at - clock.now() <= timedelta(days=180)


def test_over_the_api_only_ones_own_standing_results_are_exported() -> None:
    phone = make_phone()
    identity = {
        "name": "Jiřina d'Åström", "document_type": "20", "document_number": "E1234567",
        "birth_date": "1990-02-14",
    }  # fmt: skip
    subject_id = phone.post("declarations", {"identity": identity, "symptoms": []}).json()[
        "subject_id"
    ]
    person = Person()
    person._subject_id = Subject.objects.get(id=subject_id).id
    row = person.evidence(TEST, result="negative")
    said = person.evidence(EvidenceKind.ANTIGEN, Source.SELF, result="negative")
    settle()
    [shown] = phone.get("certificates/exports").json()
    assert shown["id"] == str(row.id)
    answer = phone.post("certificates/exports", {"evidence_id": str(row.id)})
    assert answer.status_code == 201
    assert answer.json()["certificate"].startswith("HC1:")
    retract_evidence(evidence_id=row.id, reason="mixed up")
    for gone in (row.id, said.id, uuid.uuid4()):
        assert phone.post("certificates/exports", {"evidence_id": str(gone)}).status_code == 404


def test_a_name_in_no_latin_script_needs_one() -> None:
    person = make_person()
    row = person.evidence(TEST, result="negative")
    with pytest.raises(dcc.LatinNameNeeded):
        export_certificate(subject=person.subject, evidence_id=row.id)


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("d'Červenková Panklová", "DCERVENKOVA<PANKLOVA"),
        ("Jiřina-Maria Alena", "JIRINA<MARIA<ALENA"),
        ("Müller-Groß", "MUELLER<GROSS"),
        ("Ångström", "AANGSTROEM"),
        ("李", ""),
        ("  ", ""),
    ],
)
def test_names_are_spelled_as_passports_do(name: str, spelled: str) -> None:
    assert dcc.spelled(name) == spelled


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("URN:UVCI:01:SE:EHM/C878/123456789ABC", "B"),
        ("URN:UVCI:01:AT:10807843F94AEE0EE5093FBC254BD813", "B"),
        ("URN:UVCI:01:AT:B5921A35D6A0D696421B3E2462178297", "I"),
    ],
)
def test_the_check_character_is_the_one_that_issuers_write(text: str, check: str) -> None:
    assert dcc.check_character(text) == check
