"""Doors of the panel through which operators ask: shown to who may, asked for, not done."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from config.admin.roles import create_roles
from config.kernel import clock
from config.kernel.approvals.models import ApprovalRequest
from healthcode.codec.keys import to_jwk
from healthcode.decisions.models import Override, PersonList
from healthcode.decisions.usecases.shadow_run import shadow_run
from healthcode.passes.models import RegionAgreement
from healthcode.rules import publication
from healthcode.rules.models import RuleSetVersion
from tests.factories.health import make_person
from tests.factories.operators import give_roles, make_operator
from tests.factories.overrides import grounds
from tests.factories.regions import JIANGSU, SAME, THEIRS
from tests.factories.rule_sets import content

pytestmark = pytest.mark.django_db
REASON = "the ministry's order 7"


@pytest.fixture
def officer() -> Client:
    """A health officer, logged in."""
    create_roles()
    client = Client()
    client.force_login(give_roles(make_operator("mia"), "health_officer"))
    return client


def at(name: str, *args: Any) -> str:
    return reverse(f"admin:health_{name}", args=args)


def ask(officer: Client, address: str, **fields: Any) -> ApprovalRequest:
    assert officer.get(address).status_code == 200
    assert officer.post(address, {"reason": REASON, **fields}).status_code == 302
    return ApprovalRequest.objects.get()


DOORS = (
    ("decisions_laboratory_ask_registration", "decisions_laboratory"),
    ("decisions_override_ask_several", "decisions_override"),
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
