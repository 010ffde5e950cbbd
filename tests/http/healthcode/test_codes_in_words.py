"""Codes of evidence and reasons are words to whoever reads them, in three languages."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from config.admin.roles import create_roles
from config.kernel.words import code_in_words, in_words
from healthcode.appeals.models import Appeal
from healthcode.appeals.usecases.file_appeal import file_appeal
from healthcode.decisions.outcome import OVERRIDE, TEXTS
from healthcode.decisions.values import HouseReason, ListKind, OverrideReason, Trigger
from healthcode.evidence.labels import evidence_link, kind_name
from healthcode.evidence.models import Evidence
from healthcode.evidence.values import EvidenceKind, RiskLevel, Source, Status
from healthcode.rules import library
from healthcode.rules.values import LANGUAGES
from healthcode.tracing.values import TracePurpose
from tests.factories.health import Person, make_person, make_risk_area, settle
from tests.factories.operators import give_roles, make_operator

READERS = {"en": "en", "fr": "fr", "zh": "zh-hans"}
ENUMERATIONS: tuple[type[StrEnum], ...] = (
    EvidenceKind, Source, Status, RiskLevel, ListKind, OverrideReason, Trigger, TracePurpose,
)  # fmt: skip
CODES = [code for codes in ENUMERATIONS for code in codes]


def shown(code: StrEnum) -> Iterator[str]:
    """A code as a table shows it, by its name, and as a text does, by its value."""
    yield code_in_words(code.name)
    yield code_in_words(code.value)
    if isinstance(code, EvidenceKind | Source | ListKind):
        yield in_words(code.value)


@pytest.mark.parametrize("reader", READERS.values())
@pytest.mark.parametrize("code", CODES, ids=lambda code: f"{type(code).__name__}.{code.name}")
def test_every_code_of_evidence_and_reasons_is_words(code: StrEnum, reader: str) -> None:
    with translation.override(reader):
        for text in shown(code):
            assert "_" not in text
            assert reader != "zh-hans" or not text.isascii(), text


def test_a_kind_without_a_name_of_its_own_is_called_by_its_code_in_words() -> None:
    assert {"_" in kind_name(kind) for kind in EvidenceKind} == {False}
    assert kind_name(EvidenceKind.EXTERNAL_CERTIFICATE) == "external certificate"
    with translation.override("en"):
        assert code_in_words("AREA_STAY") == "STAY IN AN AREA AT RISK"
        # What is no code of ours stays what it is.
        assert code_in_words("UNDER_AN_OAK") == "UNDER_AN_OAK"
        assert in_words("area_stay is a word here") == "area_stay is a word here"


def test_where_nobody_reads_a_code_stays_one() -> None:
    with translation.override(None):
        assert (code_in_words("AREA_STAY"), in_words("area_stay")) == ("AREA_STAY", "area_stay")


def test_every_reason_has_its_text_and_way_out_in_three_languages() -> None:
    named = {*HouseReason, *(f"{OVERRIDE}{reason}" for reason in OverrideReason)}
    assert set(TEXTS) == named
    own = [texts for pair in TEXTS.values() for texts in pair]
    for version in library.versions():
        for rule in library.shipped(version).rules:
            own += [rule.reason, rule.path]
    for texts in own:
        assert set(texts) >= set(LANGUAGES)
        assert len({texts[language] for language in LANGUAGES}) == len(LANGUAGES), texts


# ---- the pages ---------------------------------------------------------------------------------
on_pages = pytest.mark.django_db(transaction=True)


@pytest.fixture
def objection() -> Appeal:
    """Somebody with a stay at risk who objects to it."""
    make_risk_area(level=RiskLevel.HIGH)
    person = make_person()
    stay = person.evidence(EvidenceKind.AREA_STAY, Source.AUTHORITY, level="high")
    settle()
    return file_appeal(subject=person.subject, grounds="I was at home", evidence_id=stay.id)


def desk(role: str, language: str) -> Client:
    create_roles()
    client = Client(headers={"accept-language": language})
    client.force_login(give_roles(make_operator(f"{role}-{language}"), role))
    return client


def read(client: Client, name: str, *args: Any) -> str:
    answer = client.get(reverse(f"admin:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


WORDS = {"en": "stay in an area at risk", "fr": "séjour", "zh-hans": "停留"}
REASONS = {
    "en": "You have been in an area at high risk.",
    "fr": "Vous avez séjourné dans une zone à haut risque.",
    "zh-hans": "您到过高风险地区。",
}


@on_pages
@pytest.mark.parametrize("role", ["health_officer", "health_approver", "clinician"])
@pytest.mark.parametrize("reader", READERS.values())
def test_an_appeals_pages_name_a_person_and_what_they_object_to_in_words(
    objection: Appeal, role: str, reader: str
) -> None:
    client = desk(role, reader)
    for name, args in (("changelist", ()), ("change", (objection.id,))):
        page = read(client, f"health_appeals_appeal_{name}", *args)
        assert "张*" in page
        assert "张三" not in page
        assert f"subject {objection.subject_id}" not in page
        assert "area_stay" not in page
    assert WORDS[reader] in page
    assert REASONS[reader] in page


@on_pages
@pytest.mark.parametrize("reader", READERS.values())
def test_the_desks_tables_tell_people_apart_by_a_short_code(objection: Appeal, reader: str) -> None:
    subject = objection.subject
    client = desk("health_officer", reader)
    for table in ("evidence_evidence", "decisions_head", "decisions_decision"):
        page = read(client, f"health_{table}_changelist")
        assert subject.short in page
        assert f"subject {subject.id}" not in page
        assert ">area_stay<" not in page
        assert "AREA_STAY" not in page
    assert REASONS[reader] in read(client, "health_decisions_head_change", subject.id)


@on_pages
def test_two_people_have_two_short_codes() -> None:
    people = [make_person() for _ in range(3)]
    codes = {person.subject.short for person in people}
    assert len(codes) == len(people)
    with translation.override("en"):
        assert {str(person.subject) for person in people} == {f"person {code}" for code in codes}
    assert not any(code in str(person.subject_id) for person in people for code in codes)


@on_pages
def test_a_piece_of_evidence_is_named_in_the_readers_language() -> None:
    row: Evidence = Person.evidence(make_person(), EvidenceKind.AREA_STAY, level="high")
    for reader, word in WORDS.items():
        with translation.override(reader):
            assert word in str(row)
            assert word in in_words(evidence_link(row).text)
