"""Doors of the panel through which operators ask: shown to who may, asked for, not done."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from config.kernel import clock
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.request import request_approval
from config.kernel.audit.models import AuditEvent
from healthcode.codec.keys import to_jwk
from healthcode.decisions import queries
from healthcode.decisions.findings import FindingRefused
from healthcode.decisions.models import Head, Override, PersonList, QuarantinedReport
from healthcode.decisions.usecases.decide import decide_colour
from healthcode.decisions.usecases.receive_report import receive_report
from healthcode.decisions.usecases.shadow_run import shadow_run
from healthcode.decisions.values import Trigger
from healthcode.evidence.models import Evidence, RiskArea
from healthcode.passes.models import RegionAgreement
from healthcode.passes.usecases.agree_region import agree_region
from healthcode.rules import library, publication
from healthcode.rules.difference import differences, in_words
from healthcode.rules.library import overlooked, read, shipped
from healthcode.rules.models import RuleSetVersion
from tests.factories.health import Person, make_person
from tests.factories.operators import client_in_role, give_roles, make_maker, make_operator
from tests.factories.overrides import grounds
from tests.factories.regions import JIANGSU, SAME, THEIRS
from tests.factories.reports import observation, signed
from tests.factories.rule_sets import content
from tests.factories.sources import make_laboratory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
REASON = "the ministry's order 7"


@pytest.fixture
def officer() -> Client:
    """A health officer, logged in."""
    return client_in_role("health_officer", "mia")


def at(name: str, *args: Any) -> str:
    return reverse(f"admin:health_{name}", args=args)


def ask(officer: Client, address: str, **fields: Any) -> ApprovalRequest:
    assert officer.get(address).status_code == 200
    assert officer.post(address, {"reason": REASON, **fields}).status_code == 302
    return ApprovalRequest.objects.get()


DOORS = (
    ("decisions_laboratory_ask_registration", "decisions_laboratory"),
    ("decisions_override_ask_several", "decisions_override"),
    ("evidence_riskarea_ask_area", "evidence_riskarea"),
    ("decisions_personlist_ask_list", "decisions_personlist"),
    ("passes_regionagreement_ask_agreement", "passes_regionagreement"),
    ("passes_trustedissuer_ask_registration", "passes_trustedissuer"),
    ("rules_rulesetversion_draft", "rules_rulesetversion"),
)


@pytest.mark.parametrize(("door", "table"), DOORS)
def test_a_door_is_shown_to_who_may_ask_and_closed_to_a_superuser(
    officer: Client, door: str, table: str
) -> None:
    assert at(door) in officer.get(at(f"{table}_changelist")).content.decode()
    root = Client()
    root.force_login(make_operator("root", superuser=True))
    assert root.get(at(door)).status_code == 403
    assert root.post(at(door), {"reason": REASON}).status_code == 403


def test_rules_are_drafted_and_their_publication_asked_for(officer: Client) -> None:
    make_person()
    drafted = officer.post(
        at("rules_rulesetversion_draft"), {"content": json.dumps(dict(content()))}
    )
    assert drafted.status_code == 302
    draft = RuleSetVersion.objects.get()
    assert draft.drafted_by == "mia"
    shadow_run(draft_id=draft.id)
    moment = (clock.now() + timedelta(hours=49)).isoformat()
    page = at("rules_rulesetversion_ask_publication", draft.id)
    request = ask(officer, page, valid_from=moment)
    assert (request.action, request.parameters["draft"]) == ("health.publish_rules", str(draft.id))
    assert RuleSetVersion.objects.get().valid_from is None


def test_rules_that_are_none_are_not_drafted(officer: Client) -> None:
    page = at("rules_rulesetversion_draft")
    for text in ("{}", "no json", json.dumps({**content(), "rules": []})):
        officer.post(page, {"content": text})
    assert not RuleSetVersion.objects.exists()


def test_a_retirement_is_asked_for(officer: Client) -> None:
    draft = publication.draft_rule_set(content=content(), author="author")
    moment = clock.now() + timedelta(hours=49)
    publication.publish_rule_set(draft_id=draft.id, valid_from=moment, approved_by=["carl"])
    request = ask(officer, at("rules_rulesetversion_ask_retirement", draft.id))
    assert request.parameters == {"version": draft.version}
    assert RuleSetVersion.objects.get().retired_at is None


def test_an_agreement_is_asked_for(officer: Client) -> None:
    request = ask(
        officer,
        at("passes_regionagreement_ask_agreement"),
        issuer=JIANGSU,
        name="Jiangsu",
        keys=json.dumps([to_jwk(THEIRS.public_key())]),
        colours=json.dumps(SAME),
        days=30,
    )
    assert request.parameters["issuer"] == JIANGSU
    assert not RegionAgreement.objects.exists()


def test_several_colours_and_a_list_are_asked_for(officer: Client) -> None:
    people = [make_person(), make_person()]
    subjects = {str(person.subject_id): [str(grounds(person).id)] for person in people}
    several = ask(
        officer,
        at("decisions_override_ask_several"),
        subjects=json.dumps(subjects),
        colour="RED",
        reason_code="OUTBREAK_ORDER",
        hours=24,
        legal_basis="Order 12 of the county",
    )
    aliases = {str(person.subject.alias) for person in people}
    assert set(several.parameters["subjects"]) == aliases
    officer.post(
        at("decisions_personlist_ask_list"),
        {
            "subjects": " ".join(subjects), "kind": "contact", "case_reference": "HZ-2020-17",
            "purpose": "passengers of flight CA1", "days": 3, "reason": REASON,
        },
    )  # fmt: skip
    listed = ApprovalRequest.objects.exclude(id=several.id).get()
    assert set(listed.parameters["subjects"]) == aliases
    assert not Override.objects.exists()
    assert not PersonList.objects.exists()


FINDINGS = [
    ("case_open", {"case": "HZ-12"}, "RED"),
    ("quarantine_start", None, "GREEN"),
    ("entry", {"region": "310000"}, "GREEN"),
    ("vaccination", {"product": "EU/1/20/1528", "dose": 1, "of": 2}, "GREEN"),
]


@pytest.mark.parametrize(("kind", "details", "colour"), FINDINGS)
def test_what_an_authority_finds_is_asked_for_and_counts_by_two(
    officer: Client, kind: str, details: dict[str, Any] | None, colour: str
) -> None:
    person = make_person()
    request = ask(
        officer,
        at("decisions_head_ask_finding", person.subject_id),
        kind=kind,
        observed_at=clock.now().isoformat(),
        details=json.dumps(details) if details else "",
    )
    assert not Evidence.objects.filter(kind=kind).exists()
    # The set in force here says itself that none of its rules looks at some kinds.
    blind = kind in overlooked(shipped("hangzhou-2020-02"))
    assert str(request.effect["colour"]).startswith("stays") is blind
    assert blind is (kind in {"quarantine_start", "entry", "vaccination"})
    approve_request(request_id=request.id, checker=approver())
    decide_colour(subject_id=person.subject_id, trigger=Trigger.EVIDENCE)
    row = Evidence.objects.get(kind=kind)
    assert (row.source, row.payload) == ("authority", details or {})
    assert Head.objects.get(subject_id=person.subject_id).decision.colour == colour


@pytest.mark.parametrize(
    ("kind", "details", "field"),
    [
        ("case_open", {"case": ""}, "details.case"),
        ("case_open", {"dose": 1}, "details.dose"),
        ("case_open", [], "details"),
        ("entry", {"region": "31"}, "details.region"),
        ("vaccination", {"product": "x", "dose": True, "of": 2}, "details.dose"),
        ("vaccination", {}, "details"),
        ("naat", {}, "kind"),
    ],
)
def test_a_finding_that_is_none_is_not_asked_for(kind: str, details: Any, field: str) -> None:
    person = make_person()
    facts = {
        "subject": str(person.subject_id), "kind": kind, "details": details,
        "observed_at": clock.now().isoformat(),
    }  # fmt: skip
    if details == []:
        facts["details"] = ["x"]
    with pytest.raises(FindingRefused) as refused:
        request_approval(
            action="health.record_finding", parameters=facts, reason=REASON,
            maker=make_maker("mia", "health.record_finding"),
        )  # fmt: skip
    assert refused.value.field == field


def test_a_region_is_declared_by_two_and_colours_who_was_there(officer: Client) -> None:
    request = ask(
        officer,
        at("evidence_riskarea_ask_area"),
        region="420100",
        level="medium",
        valid_from="2026-01-01T08:00+08:00",
    )
    assert not RiskArea.objects.exists()
    approve_request(request_id=request.id, checker=approver())
    area = RiskArea.objects.get()
    assert (area.declared_by, area.valid_from) == ("operator:mia", datetime(2026, 1, 1, tzinfo=UTC))
    refused = {"region": "42", "level": "medium", "valid_from": "2026-01-01T00:00:00+00:00"}
    for changes, field in (
        ({}, "region"), ({"region": "420100", "level": "x"}, "level"),
        ({"region": "420100", "valid_from": "2026-01-01T00:00:00"}, "valid_from"),
        ({"region": "420100", "valid_until": "2025-01-01T00:00:00+00:00"}, "valid_until"),
    ):  # fmt: skip
        with pytest.raises(FindingRefused) as error:
            request_approval(
                action="health.declare_area", parameters={**refused, **changes}, reason=REASON,
                maker=User.objects.get(username="mia"),
            )  # fmt: skip
        assert error.value.field == field


def approver() -> User:
    return give_roles(make_operator("carl"), "health_approver")


def test_a_report_that_waits_is_placed_by_two_and_neither_judges_the_correction(
    officer: Client,
) -> None:
    make_laboratory()
    person, mistyped = make_person(), Person()
    receive_report(signed=signed(observation(mistyped)))
    row = QuarantinedReport.objects.get()
    page = at("decisions_quarantinedreport_ask_placement", row.id)
    document = person.identity
    nobody = {"document_type": "20", "document_number": "E99999999", "reason": REASON}
    officer.post(page, nobody)
    assert not ApprovalRequest.objects.exists()
    request = ask(
        officer,
        page,
        document_type=document.document_type.value,
        document_number=document.document_number,
    )
    assert mistyped.identity.document_number not in json.dumps(request.effect | request.parameters)
    assert not Evidence.objects.filter(kind="naat").exists()
    approve_request(request_id=request.id, checker=approver())
    assert not QuarantinedReport.objects.exists()
    positive = Evidence.objects.get(kind="naat")
    assert (positive.subject_id, positive.source) == (person.subject_id, "laboratory")
    decision = decide_colour(subject_id=person.subject_id, trigger=Trigger.EVIDENCE)
    assert decision.colour == "RED"
    assert queries.colourers_of(person.subject_id, [decision]) == {"mia", "carl"}
    assert AuditEvent.objects.filter(action="health.place_report").count() == 1


def test_a_draft_shows_what_it_changes_of_the_set_in_force(officer: Client) -> None:
    shipped_rules = library.content("hangzhou-2020-02")["rules"]
    gone, kept = shipped_rules[0]["id"], shipped_rules[1]["id"]
    written = {"version": "new", "extends": "hangzhou-2020-02", "without": [gone], "rules": []}
    officer.post(at("rules_rulesetversion_draft"), {"content": json.dumps(written)})
    draft = RuleSetVersion.objects.get()
    text = officer.get(at("rules_rulesetversion_change", draft.id)).content.decode()
    assert "hangzhou-2020-02" in text
    shown = in_words(differences(shipped("hangzhou-2020-02"), read(draft.content)))
    assert shown == {gone: "removed"}
    assert kept in {rule["id"] for rule in draft.content["rules"]}


def test_an_agreement_is_ended_by_one_at_once(officer: Client) -> None:
    row = agree_region(
        issuer=JIANGSU, name="Jiangsu", keys=[to_jwk(THEIRS.public_key())], colours=SAME, days=30,
        own_issuer="CN-330000", maker="a", checkers=["b", "c"], approval_id=uuid.uuid4(),
    )  # fmt: skip
    page = at("passes_regionagreement_end", row.id)
    assert officer.get(page).status_code == 200
    for _ in range(2):
        assert officer.post(page, {"reason": REASON}).status_code == 302
    row.refresh_from_db()
    assert row.valid_until <= clock.now()
    assert AuditEvent.objects.filter(action="health.end_agreement").count() == 1
