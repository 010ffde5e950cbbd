"""Who may be a source: asked for by one, approved by others, named to whom it colours."""

import base64
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from config.admin.roles import create_roles
from config.kernel import clock
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.rules import SelfApproval
from config.kernel.audit.models import AuditEvent
from healthcode.decisions.cards import card_of
from healthcode.decisions.models import Decision, Laboratory, SourceRegistration
from healthcode.decisions.registrations import REGISTER_LABORATORY
from healthcode.decisions.usecases.claim_keys import KeyOfSomebodyElse
from healthcode.decisions.usecases.count_decisions import count_decisions
from healthcode.decisions.usecases.receive_report import LaboratoryUnknown, receive_report
from healthcode.decisions.usecases.register_source import (
    SourceRefused,
    check_laboratory,
    withdraw_source,
)
from healthcode.decisions.values import SourceKind
from healthcode.evidence.models import Evidence
from healthcode.passes.models import TrustedIssuer
from healthcode.passes.registrations import REGISTER_ISSUER
from healthcode.passes.usecases.agree_region import check_agreement
from healthcode.passes.usecases.register_issuer import check_issuer
from healthcode.passes.usecases.rotate_root_key import ensure_root
from healthcode.passes.usecases.rotate_signing_key import ensure_signing_key
from healthcode.verification.models import Terminal
from healthcode.verification.registrations import LET_IDENTIFY
from healthcode.verification.usecases.register_terminal import revoke_terminal
from tests.factories.foreign import dsc
from tests.factories.health import Person, later, make_gate, make_person, settle
from tests.factories.operators import give_roles, make_checker, make_operator
from tests.factories.regions import SAME
from tests.factories.reports import JWK, observation, signed
from tests.factories.sources import CARDS_JWK, make_issuer, make_laboratory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
REASON = "they run the county's tests"


@pytest.fixture
def officer() -> User:
    """A health officer."""
    create_roles()
    return give_roles(make_operator("mia"), "health_officer")


def panel_of(operator: User) -> Client:
    client = Client()
    client.force_login(operator)
    return client


def asked_at(name: str, *args: Any) -> str:
    return reverse(f"admin:{name}", args=args)


def ask_for_laboratory(officer: User) -> ApprovalRequest:
    body = {"name": "Own Lab", "public_jwk": str(JWK).replace("'", '"'), "reason": REASON}
    address = asked_at("health_decisions_laboratory_ask_registration")
    assert panel_of(officer).get(address).status_code == 200
    assert panel_of(officer).post(address, body).status_code == 302
    return ApprovalRequest.objects.get(action=REGISTER_LABORATORY)


def positive(person: Person) -> Any:
    received = receive_report(signed=signed(observation(person)))
    settle()
    return received


def latest(person: Person) -> Decision:
    return Decision.objects.filter(subject_id=person.subject_id).latest("seq")


def test_a_laboratory_colours_nobody_until_a_second_operator_agrees(officer: User) -> None:
    person = make_person()
    request = ask_for_laboratory(officer)
    with pytest.raises(LaboratoryUnknown):
        positive(person)
    assert (latest(person).colour, Laboratory.objects.count()) == ("GREEN", 0)
    with pytest.raises(SelfApproval):
        approve_request(request_id=request.id, checker=officer)
    approve_request(request_id=request.id, checker=make_checker("carl", REGISTER_LABORATORY))
    positive(person)
    assert latest(person).colour == "RED"
    entered = AuditEvent.objects.get(action="health.register_source")
    assert entered.actor == "operator:mia"
    assert entered.after == {"name": "Own Lab", "approved_by": ["carl"]}


@pytest.mark.parametrize("superuser", [True, False])
@pytest.mark.parametrize(
    "table", ["decisions_laboratory", "passes_trustedissuer", "decisions_sourceregistration"]
)
def test_no_form_of_the_panel_adds_edits_or_deletes_a_source(table: str, superuser: bool) -> None:
    create_roles()
    operator = make_operator("root", superuser=superuser)
    if not superuser:
        operator = give_roles(operator, "health_officer")
    laboratory, issuer = make_laboratory(), make_issuer("Cards", jwks={"keys": [CARDS_JWK]})
    rows = {"decisions_laboratory": laboratory.pk, "passes_trustedissuer": issuer.pk}
    row = rows.get(table, laboratory.registration_id)
    panel = panel_of(operator)
    before = SourceRegistration.objects.count()
    body = {"name": "Own", "public_jwk": "{}", "kid": "x", "jwks": "{}"}
    assert panel.post(asked_at(f"health_{table}_add"), body).status_code == 403
    panel.post(asked_at(f"health_{table}_change", row), body)
    assert panel.post(asked_at(f"health_{table}_delete", row), {"post": "yes"}).status_code == 403
    assert SourceRegistration.objects.count() == before
    assert Laboratory.objects.get().name == "PCR One"
    assert Laboratory.objects.get().public_jwk["x"] == JWK["x"]
    assert TrustedIssuer.objects.get().name == "Cards"


def test_a_superuser_is_not_even_offered_to_ask() -> None:
    panel = panel_of(make_operator("root", superuser=True))
    for name in (
        "health_decisions_laboratory_ask_registration",
        "health_passes_trustedissuer_ask_registration",
    ):
        assert panel.get(asked_at(name)).status_code == 403


def test_an_issuer_takes_three(officer: User) -> None:
    address = asked_at("health_passes_trustedissuer_ask_registration")
    body = {"name": "Cards", "jwks": str({"keys": [CARDS_JWK]}).replace("'", '"'), "reason": REASON}
    assert panel_of(officer).post(address, body).status_code == 302
    request = ApprovalRequest.objects.get(action=REGISTER_ISSUER)
    approve_request(request_id=request.id, checker=make_checker("carl", REGISTER_ISSUER))
    assert not TrustedIssuer.objects.exists()
    approve_request(request_id=request.id, checker=make_checker("cleo", REGISTER_ISSUER))
    registration = TrustedIssuer.objects.get().registration
    assert registration is not None
    people = (registration.maker, registration.checker, registration.third)
    assert people == ("mia", "carl", "cleo")


def test_a_terminal_identifies_nobody_until_a_second_operator_agrees(officer: User) -> None:
    gate = make_gate()
    address = asked_at("health_verification_terminal_ask_reader", gate.terminal.id)
    assert panel_of(officer).post(address, {"reason": REASON}).status_code == 302
    assert not Terminal.objects.get().reads_cards
    request = ApprovalRequest.objects.get(action=LET_IDENTIFY)
    approve_request(request_id=request.id, checker=make_checker("carl", LET_IDENTIFY))
    assert Terminal.objects.get().reads_cards
    revoke_terminal(terminal_id=gate.terminal.id, actor="operator:mia")
    assert SourceRegistration.objects.get().withdrawn_by == "operator:mia"
    assert not Terminal.objects.get().reads_cards


def test_a_withdrawn_laboratory_colours_nobody_and_comes_back_by_two(officer: User) -> None:
    laboratory = make_laboratory("Own Lab")
    address = asked_at("health_decisions_laboratory_withdraw", laboratory.id)
    for _ in range(2):
        panel_of(officer).post(address, {"reason": "its key was stolen"})
    gone = AuditEvent.objects.get(action="health.withdraw_source")
    assert gone.after == {"name": "Own Lab", "reason": "its key was stolen"}
    person = make_person()
    with pytest.raises(LaboratoryUnknown):
        positive(person)
    request = ask_for_laboratory(officer)
    approve_request(request_id=request.id, checker=make_checker("carl", REGISTER_LABORATORY))
    positive(person)
    assert (latest(person).colour, Laboratory.objects.count()) == ("RED", 1)
    assert SourceRegistration.objects.filter(withdrawn_at__isnull=True).count() == 1


def test_the_person_is_told_who_reported_and_everybody_how_many() -> None:
    make_laboratory("PCR One")
    make_issuer("Cards", jwks={"keys": [CARDS_JWK]})
    make_gate(reads_cards=True)
    person = make_person()
    positive(person)
    card = card_of(person.subject, latest(person), at=clock.now())
    reds = [reason for reason in card["reasons"] if reason["colour"] == "RED"]
    assert [reason["sources"] for reason in reds] == [["PCR One"]]
    later(minutes=2)
    count_decisions(now=clock.now())
    published = APIClient().get("/api/v1/health/statistics").json()
    assert published["sources"] == {"issuer": 1, "laboratory": 1, "terminal": 1}
    assert published["reds_by_body"] == {"PCR One": 1}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "PCR Two"}, "public_jwk"),
        ({"name": "  x "}, "name"),
        ({"public_jwk": {**JWK, "d": "AA"}}, "public_jwk"),
        ({"public_jwk": {**JWK, "x": "AA"}}, "public_jwk"),
        ({"public_jwk": "no key"}, "public_jwk"),
        ({}, "name"),
    ],
    ids=["key of another", "no name", "private", "no point", "text", "registered already"],
)
def test_a_laboratory_without_a_name_and_key_of_its_own_is_refused(
    changes: dict[str, Any], field: str
) -> None:
    make_laboratory("PCR One")
    with pytest.raises((SourceRefused, KeyOfSomebodyElse)) as refused:
        check_laboratory(**{"name": "PCR One", "public_jwk": JWK, **changes})
    assert refused.value.field == field


@pytest.mark.parametrize("checkers", [[], ["mia"], [""]])
def test_nobody_is_registered_by_one_person(checkers: list[str]) -> None:
    with pytest.raises(SourceRefused):
        make_laboratory(checkers=checkers)
    assert not Laboratory.objects.exists()


@pytest.mark.parametrize(
    "people",
    [
        {"kind": SourceKind.LABORATORY, "maker": "mia", "checker": "mia"},
        {"kind": SourceKind.LABORATORY, "maker": "mia", "checker": ""},
        {"kind": SourceKind.ISSUER, "maker": "mia", "checker": "carl"},
        {"kind": SourceKind.ISSUER, "maker": "mia", "checker": "carl", "third": "mia"},
    ],
)
def test_the_database_itself_counts_the_people(people: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SourceRegistration.objects.create(name="Own", approval_id=uuid.uuid4(), **people)


def test_withdrawing_takes_back_nothing_that_was_said() -> None:
    laboratory = make_laboratory()
    person = make_person()
    positive(person)
    assert laboratory.registration_id is not None
    withdraw_source(registration_id=laboratory.registration_id, actor="operator:mia")
    settle()
    assert latest(person).colour == "RED"
    assert Evidence.objects.filter(source="laboratory", retracts__isnull=True).count() == 1


def test_neither_our_own_keys_nor_another_issuers_are_a_foreign_issuer() -> None:
    ours = ensure_signing_key().public_jwk
    taken = base64.b64encode(dsc()).decode()
    make_issuer("France", certificate=taken)
    did = {"id": "did:web:x", "verificationMethod": [{"publicKeyJwk": ours}]}
    for keys in ({"jwks": {"keys": [ours]}}, {"certificate": taken}, {"did_document": did}):
        with pytest.raises(KeyOfSomebodyElse):
            make_issuer("Elsewhere", **keys)
    assert TrustedIssuer.objects.get().name == "France"


def test_no_key_of_ours_is_anybody_elses_whatever_it_is_called() -> None:
    for ours in (ensure_signing_key().public_jwk, ensure_root().public_jwk):
        jwk = {**ours, "kid": "another name"}
        with pytest.raises(KeyOfSomebodyElse):
            check_laboratory(name="PCR One", public_jwk=jwk)
        with pytest.raises(KeyOfSomebodyElse):
            check_issuer(name="Cards", certificate="", jwks={"keys": [jwk]}, did_document=None)
        with pytest.raises(KeyOfSomebodyElse):
            check_agreement(
                issuer="CN-310000", keys=[jwk], colours=SAME, days=30, own_issuer="CN-330100"
            )
