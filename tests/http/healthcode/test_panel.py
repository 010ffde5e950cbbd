"""The health desk in the operators' panel: everything opens, nothing is edited alone."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.audit.models import AuditEvent
from healthcode.appeals.models import Appeal
from healthcode.decisions.models import Alarm, Head
from healthcode.evidence.models import Evidence
from healthcode.passes.models import SigningKey
from healthcode.passes.rotation import ROTATE
from healthcode.passes.usecases.rotate_signing_key import ensure_signing_key
from healthcode.rules.publication import draft_rule_set
from healthcode.verification.models import Terminal, Venue, VenuePolicy
from tests.factories.health import make_person
from tests.factories.operators import (
    client_in_role,
    make_checker,
    make_maker,
    make_operator,
)
from tests.factories.overrides import grounds, override
from tests.factories.rule_sets import content
from tests.factories.traces import full_life

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OURS = [model for model in admin.site._registry if model._meta.app_label.startswith("health_")]


@pytest.fixture
def panel() -> Client:
    """The superuser, logged in."""
    client = Client()
    client.force_login(make_operator("root", superuser=True))
    return client


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:{name}", args=args)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_table_and_every_row_opens(panel: Client, model: Any) -> None:
    override(full_life())
    Alarm.objects.create(kind="TEST", facts={"why": "to see"})
    draft_rule_set(content=content(), author="author")
    name = f"{model._meta.app_label}_{model._meta.model_name}"
    assert panel.get(page(f"{name}_changelist")).status_code == 200
    row = model._default_manager.first()
    if row is not None:
        assert panel.get(page(f"{name}_change", row.pk)).status_code == 200


@pytest.mark.parametrize("name", ["decisions_decision", "evidence_evidence", "decisions_override"])
def test_what_was_decided_or_known_cannot_be_added_or_deleted(panel: Client, name: str) -> None:
    make_person()
    assert panel.get(page(f"health_{name}_add")).status_code == 403
    if name == "evidence_evidence":
        row = Evidence.objects.get()
        assert panel.post(page(f"health_{name}_delete", row.pk)).status_code == 403


def test_a_draft_is_read_rule_by_rule(panel: Client) -> None:
    draft = draft_rule_set(content=content(), author="author")
    shown = panel.get(page("health_rules_rulesetversion_change", draft.id)).content.decode()
    for rule in draft.content["rules"]:
        assert rule["id"] in shown
        assert f"(tests: {len(rule['tests'])})" in shown


def test_opening_a_persons_card_is_written_down(panel: Client) -> None:
    person = make_person()
    panel.get(page("health_decisions_head_change", person.subject_id))
    event = AuditEvent.objects.get(action="health.read")
    assert (event.actor, event.target) == ("operator:root", f"subject:{person.subject.alias}")


@pytest.fixture
def desk() -> Client:
    """A health officer, logged in: a superuser asks for no colour."""
    return client_in_role("health_officer", "mia")


def test_a_superuser_is_not_even_offered_a_colour(panel: Client) -> None:
    person = make_person()
    assert (
        panel.get(page("health_decisions_head_ask_override", person.subject_id)).status_code == 403
    )


def ask(panel: Client, person: Any, **changes: Any) -> Any:
    evidence = grounds(person)
    body = {
        "colour": "RED", "reason_code": "OUTBREAK_ORDER", "hours": 24, "evidence": str(evidence.id),
        "legal_basis": "Order 12 of the county", "reason": "the hospital called us", **changes,
    }  # fmt: skip
    address = page("health_decisions_head_ask_override", person.subject_id)
    assert panel.get(address).status_code == 200
    return panel.post(address, body)


def test_a_colour_by_hand_is_asked_for_and_not_set(desk: Client) -> None:
    person = make_person()
    assert ask(desk, person).status_code == 302
    assert ApprovalRequest.objects.get().parameters["colour"] == "RED"
    assert Head.objects.get().decision.colour == "YELLOW"


def test_a_colour_without_its_grounds_is_not_even_asked_for(desk: Client) -> None:
    ask(desk, make_person(), hours=100)
    ask(desk, make_person(), reason_code="OTHER")
    assert not ApprovalRequest.objects.exists()


def test_a_correction_is_proposed_and_not_decided(desk: Client) -> None:
    full_life()
    appeal = Appeal.objects.get()
    address = page("health_appeals_appeal_propose", appeal.id)
    assert desk.get(address).status_code == 200
    body = {
        "outcome": "OVERTURNED", "text": "You were right, it is removed.",
        "reason": "the list was wrong",
    }  # fmt: skip
    assert desk.post(address, body).status_code == 302
    appeal.refresh_from_db()
    request = ApprovalRequest.objects.get()
    assert (appeal.state, request.effect["appeal"]) == ("OPEN", "open → granted")


def test_a_venue_gets_a_code_a_terminal_and_a_new_code(panel: Client) -> None:
    policy = VenuePolicy.objects.create(name="All", admits=["GREEN", "YELLOW"])
    body = {
        "name": "Museum", "region": "330100", "policy": str(policy.id), "active": "on",
        "terminals-TOTAL_FORMS": 0, "terminals-INITIAL_FORMS": 0,
    }  # fmt: skip
    assert panel.post(page("health_verification_venue_add"), body).status_code == 302
    venue = Venue.objects.get()
    address = page("health_verification_venue_add_terminal", venue.id)
    assert panel.get(address).status_code == 200
    answer = panel.post(address, {"label": "Gate 2"}, follow=True)
    assert "Shown once: Terminal" in answer.content.decode()
    assert Terminal.objects.get().label == "Gate 2"
    rotate = page("health_verification_venue_rotate_code", venue.id)
    assert panel.get(rotate).status_code == 405
    assert Venue.objects.get().code_version == 1
    assert (
        rotate
        in panel.get(page("health_verification_venue_ask_new_code", venue.id)).content.decode()
    )
    panel.post(rotate)
    assert Venue.objects.get().code_version == 2


def test_alarms_are_seen_by_somebody(panel: Client) -> None:
    alarm = Alarm.objects.create(kind="TEST")
    body = {"action": "mark_seen", "_selected_action": [str(alarm.pk)]}
    panel.post(page("health_decisions_alarm_changelist"), body)
    assert Alarm.objects.get().seen_by == "root"


def test_the_signing_key_is_rotated_once_another_operator_agrees() -> None:
    before = ensure_signing_key()
    client = Client()
    client.force_login(make_maker("mia", ROTATE))
    client.post(page("health_passes_signingkey_ask_rotation"), {"reason": "the key has leaked"})
    asked = ApprovalRequest.objects.get(action=ROTATE)
    assert SigningKey.objects.get(state="ACTIVE").kid == before.kid
    approve_request(request_id=asked.id, checker=make_checker("carl", ROTATE))
    assert SigningKey.objects.get(state="ACTIVE").kid != before.kid
    assert SigningKey.objects.get(kid=before.kid).state == "VERIFY_ONLY"
