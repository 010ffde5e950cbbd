"""Identity is proven, not claimed first: one signed bit, a desk, and nobody is kept out."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from config.kernel import clock
from healthcode.appeals.usecases.erase_person import erase_person
from healthcode.decisions.models import ErasureStub, Head
from healthcode.decisions.usecases.receive_report import receive_report
from healthcode.decisions.usecases.set_override import set_override
from healthcode.decisions.values import OverrideReason
from healthcode.evidence.models import Evidence
from healthcode.evidence.usecases.record_evidence import record_evidence
from healthcode.evidence.values import EvidenceKind, RiskLevel, Source
from healthcode.passes.usecases.issue_paper import Request, issue_paper
from healthcode.passes.values import PaperGround
from healthcode.rules.values import Colour
from healthcode.subjects.models import Subject
from healthcode.subjects.usecases.register_subject import register_by_desk
from healthcode.subjects.values import DocumentType, Identity
from tests.factories.accounts import client_of, id_number, make_user, serial_of
from tests.factories.health import (
    Person,
    Phone,
    later,
    make_person,
    make_risk_area,
    settle,
    trip,
)
from tests.factories.reports import observation, signed
from tests.factories.sources import make_laboratory
from tests.factories.traces import whole_database

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Account(Phone):
    """A phone whose wallet is verified for a card of its own."""

    number: str

    @property
    def card(self) -> dict[str, str]:
        """The card as it is typed."""
        return {"name": "Li Hua", "document_type": "10", "document_number": self.number}


def make_account(name: str = "Li Hua") -> Account:
    user = make_user(name=name)
    return Account(client_of(user), id_number(serial=serial_of(user)))


@pytest.fixture
def strict(settings: Any) -> None:
    """No simulated registry: as in production."""
    settings.SAOMA_HEALTH_SIMULATED_IDENTITY = False


def proof(phone: Account, number: str = "") -> Any:
    body = {"document_number": number or phone.number}
    return phone.client.post("/api/v1/kyc/identity-proofs", body, format="json")


def declared(phone: Phone, card: dict[str, str], **members: Any) -> Any:
    return phone.post("declarations", {"identity": card, "symptoms": [], **members})


def proven(phone: Account) -> Any:
    return declared(phone, phone.card, identity_proof=proof(phone).json()["identity_proof"])


def reasons(card: Any) -> list[str]:
    return [reason["rule"] for reason in card["reasons"]]


def test_nobody_is_green_by_an_empty_declaration() -> None:
    phone = make_account()
    card = phone.post("declarations", {}).json()
    assert (card["colour"], phone.post("codes").json()["code"]) == ("UNKNOWN", "colour_unknown")
    assert not Evidence.objects.exists()


def test_a_document_that_is_typed_is_a_claim_and_the_wallets_bit_proves_it(strict: None) -> None:
    phone = make_account()
    card = declared(phone, phone.card).json()
    assert (card["colour"], reasons(card)) == ("UNKNOWN", ["identity-missing"])
    assert phone.post("codes").status_code == 422
    assert proven(phone).json()["colour"] == "GREEN"
    assert phone.post("codes").status_code == 201


def test_the_bit_is_of_one_holder_one_document_and_ten_minutes(strict: None) -> None:
    phone, other = make_account(), make_account("Wang Wei")
    assert proof(phone, id_number("19800101")).json()["code"] == "identity_not_matched"
    bit = proof(phone).json()["identity_proof"]
    assert phone.number not in bit
    taken = declared(other, phone.card, identity_proof=bit)
    assert (taken.status_code, taken.json()["code"]) == (422, "identity_proof_invalid")
    for wrong in ("9.x", f"{10**11}.{'0' * 64}", bit[:-1], f"{bit}0"):
        assert declared(phone, phone.card, identity_proof=wrong).status_code == 422
    later(minutes=11)
    assert (
        declared(phone, phone.card, identity_proof=bit).json()["code"] == "identity_proof_invalid"
    )


def test_a_claim_sees_no_evidence_and_keeps_the_owner_out_of_nothing(strict: None) -> None:
    squatter, owner = make_account("Somebody Else"), make_account()
    declared(squatter, owner.card)
    make_laboratory()
    person = Person()
    report = observation(person)
    report["subject"]["identifier"] = {"system": "urn:saoma:document:10", "value": owner.number}
    assert receive_report(signed=signed(report)).state == "QUARANTINED"
    assert squatter.colour() == "UNKNOWN"
    assert proven(owner).json()["colour"] == "RED"
    assert squatter.colour() == "UNKNOWN"


def test_who_was_made_at_the_desk_claims_a_phone_with_proof() -> None:
    phone = make_account()
    identity = Identity("Li Hua", DocumentType.ID_CARD, phone.number)
    ward = register_by_desk(identity=identity)
    assert declared(phone, phone.card).json()["code"] == "document_taken"
    phone.post("declarations", {"symptoms": ["cough"]})
    card = proven(phone).json()
    settle()
    assert (card["subject_id"], card["colour"]) == (str(ward.id), "YELLOW")
    assert phone.colour() == "YELLOW"
    assert Subject.objects.count() == 1


def test_the_true_owner_takes_a_document_over_from_whom_a_simulation_believed() -> None:
    squatter, owner = make_account("Somebody Else"), make_account()
    assert declared(squatter, owner.card).json()["colour"] == "GREEN"
    assert proven(owner).json()["colour"] == "GREEN"
    assert squatter.colour() == "UNKNOWN"
    assert declared(squatter, owner.card).json()["code"] == "document_taken"


def test_erasing_oneself_while_red_is_no_way_to_green() -> None:
    person = make_person()
    old = person.subject_id
    person.evidence(EvidenceKind.NAAT, result="positive")
    settle()
    erase_person(subject_id=old, actor="subject", purpose="on request")
    assert not Evidence.objects.exists()
    stub = ErasureStub.objects.get()
    assert str(old) not in f"{stub.holder_ref} {stub.pseudonym} {bytes(stub.sealed_content)!r}"
    assert person.declare(key="again").colour == "RED"
    assert not ErasureStub.objects.exists()


@pytest.mark.parametrize("colour", [Colour.GREEN, Colour.YELLOW])
def test_a_red_under_a_milder_colour_by_hand_outlasts_an_erasure(colour: Colour) -> None:
    person = make_person()
    row = person.evidence(EvidenceKind.NAAT, result="positive")
    set_override(
        subject_id=person.subject_id, colour=colour, reason=OverrideReason.CLINICIAN_CLEARED,
        legal_basis="Order 12 of the county", hours=48, evidence=[row.id],
        maker="mia", checker="carl", approval_id=uuid.uuid4(),
    )  # fmt: skip
    erase_person(subject_id=person.subject_id, actor="subject", purpose="on request")
    assert person.declare(key="again").colour == colour
    later(hours=49)
    assert Head.objects.get().decision.colour == "RED"


def test_a_red_that_no_decision_has_seen_yet_outlasts_an_erasure() -> None:
    person = make_person()
    person.evidence(EvidenceKind.NAAT, result="positive")
    erase_person(subject_id=person.subject_id, actor="subject", purpose="on request")
    assert person.declare(key="again").colour == "RED"


def test_a_new_account_with_the_same_document_is_red_too_until_the_reason_ends() -> None:
    person = make_person()
    person.evidence(EvidenceKind.NAAT, result="positive")
    settle()
    erase_person(subject_id=person.subject_id, actor="subject", purpose="on request")

    class Again(Person):
        @property
        def identity(self) -> Identity:
            return person.identity

    assert Again().declare().colour == "RED"


def test_a_stub_ends_with_its_reason() -> None:
    person = make_person()
    person.evidence(EvidenceKind.NAAT, result="positive")
    settle()
    erase_person(subject_id=person.subject_id, actor="subject", purpose="on request")
    later(days=29)
    assert not ErasureStub.objects.exists()
    assert person.declare(key="again").colour == "GREEN"


def test_whoever_is_not_red_leaves_nothing_behind() -> None:
    person = make_person(symptoms=["cough"])
    erase_person(subject_id=person.subject_id, actor="subject", purpose="on request")
    assert not ErasureStub.objects.exists()


def test_nothing_of_a_claim_is_left_once_its_holder_has_proven_who_they_are(strict: None) -> None:
    phone = make_account()
    claim = phone.post(
        "declarations", {"identity": phone.card, "symptoms": []}, HTTP_IDEMPOTENCY_KEY="claim"
    ).json()
    desk = register_by_desk(identity=Identity("Li Hua", DocumentType.ID_CARD, phone.number))
    assert proven(phone).json()["subject_id"] == str(desk.id) != claim["subject_id"]
    settle()
    assert claim["subject_id"] not in whole_database()


def at_the_desk(phone: Account) -> Subject:
    """The subject that the desk makes of somebody's card before their phone knows of it."""
    return register_by_desk(identity=Identity("Li Hua", DocumentType.ID_CARD, phone.number))


def test_a_ward_claims_the_code_however_the_number_is_typed(strict: None) -> None:
    phone = make_account()
    ward = at_the_desk(phone)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in phone.number[:6])
    typed = {**phone.card, "document_number": f" {wide} {phone.number[6:].lower()}"}
    assert declared(phone, typed).json()["code"] == "document_taken"
    bit = proof(phone).json()["identity_proof"]
    card = declared(phone, typed, identity_proof=bit).json()
    assert (card["subject_id"], card["colour"]) == (str(ward.id), "GREEN")


@pytest.mark.parametrize("said", ["contact", "trip"])
def test_claiming_the_desks_clean_code_is_no_way_out_of_ones_own_red(
    strict: None, said: str
) -> None:
    phone = make_account()
    ward = at_the_desk(phone)
    make_risk_area(level=RiskLevel.HIGH)
    phone.post("declarations", {"symptoms": [], "contact_with_case": said == "contact"})
    if said == "trip":
        phone.post("trips", trip(clock.now() - timedelta(hours=1)))
    assert phone.colour() == "RED"
    assert proven(phone).json()["subject_id"] == str(ward.id)
    settle()
    assert phone.colour() == "RED"


def test_who_carries_paper_claims_its_code_and_can_object_and_end_the_paper(strict: None) -> None:
    phone = make_account()
    wish = Request(
        Identity("Li Hua", DocumentType.ID_CARD, phone.number, date(1990, 3, 7)),
        PaperGround.NO_PHONE, "330100", True,
    )  # fmt: skip
    issue_paper(request=wish, actor="operator:mia")
    assert declared(phone, phone.card).json()["code"] == "document_taken"
    assert proven(phone).json()["colour"] == "GREEN"
    assert phone.post("corrections", {"grounds": "the card was not mine"}).status_code == 201
    assert len(phone.get("codes/papers").json()) == 1
    phone.post("codes/papers/revoke")
    assert phone.get("codes/papers").json() == []


def test_a_claim_without_proof_opens_nothing_of_the_desks_code(strict: None) -> None:
    phone, stranger = make_account(), make_account("Wang Wei")
    ward = at_the_desk(phone)
    record_evidence(
        subject_id=ward.id, kind=EvidenceKind.NAAT, source=Source.LABORATORY, source_ref="n",
        observed_at=clock.now(), payload={"result": "positive"},
    )  # fmt: skip
    settle()
    bit = proof(stranger).json()["identity_proof"]
    refusals = [declared(stranger, phone.card), declared(stranger, phone.card, identity_proof=bit)]
    assert [answer.json()["code"] for answer in refusals] == [
        "document_taken", "identity_proof_invalid",
    ]  # fmt: skip
    assert "RED" not in str([answer.json() for answer in refusals])
    assert stranger.colour() == "UNKNOWN"
    assert proven(phone).json()["colour"] == "RED"
