"""Operators ask over HTTP and by command: the panel's wish by other doors, and no more."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from rest_framework.test import APIClient

from config.kernel import clock
from config.kernel.access.models import OperatorSession
from config.kernel.approvals.models import ApprovalRequest
from healthcode.evidence.models import Evidence, RiskArea
from tests.factories.health import make_person, make_phone
from tests.factories.operators import client_in_role, give_roles, make_operator
from tests.factories.overrides import grounds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PATH = "/api/v1/health/desk/requests"
REASON = "the ministry's order 7"
AREA = {
    "region": "420100", "level": "high", "valid_from": "2026-01-01T00:00:00+00:00",
    "valid_until": None,
}  # fmt: skip


@pytest.fixture
def officer() -> Client:
    """A health officer, signed in to the panel."""
    return client_in_role("health_officer", "mia")


def ask(client: Any, action: str, parameters: dict[str, Any]) -> Any:
    body = {"action": action, "parameters": parameters, "reason": REASON}
    return client.post(PATH, json.dumps(body), content_type="application/json")


def test_lists_areas_and_several_colours_are_asked_for_and_nothing_is_done(officer: Client) -> None:
    people = [make_person(), make_person()]
    wishes: list[tuple[str, dict[str, Any]]] = [
        ("health.declare_area", AREA),
        ("health.import_list", {
            "subjects": [str(person.subject_id) for person in people], "kind": "contact",
            "case_reference": "HZ-2026-7", "purpose": "contacts of case seven", "days": 3,
        }),
        ("health.recolour_many", {
            "subjects": {str(one.subject_id): [str(grounds(one).id)] for one in people},
            "colour": "YELLOW", "reason_code": "OUTBREAK_ORDER", "hours": 4,
            "legal_basis": "order 7 of the ministry",
        }),
    ]  # fmt: skip
    for action, parameters in wishes:
        answers = [ask(officer, action, parameters) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 201], answers[0].json()
        first, again = (answer.json() for answer in answers)
        assert (first["id"], first["status"]) == (again["id"], "PENDING")
    assert ApprovalRequest.objects.count() == len(wishes)
    assert not RiskArea.objects.exists()
    assert not Evidence.objects.filter(kind="contact").exists()


def test_only_who_may_ask_in_the_panel_may_ask_here(officer: Client) -> None:
    assert ask(make_phone().client, "health.declare_area", AREA).status_code == 401
    assert ask(APIClient(), "health.declare_area", AREA).status_code == 401
    approver = Client()
    approver.force_login(give_roles(make_operator("carl"), "health_approver"))
    assert ask(approver, "health.declare_area", AREA).json()["code"] == "maker_lacks_role"
    root = Client()
    root.force_login(make_operator("root", superuser=True))
    assert ask(root, "health.declare_area", AREA).status_code == 403
    assert ask(officer, "accounts.unfreeze", {}).status_code == 400
    assert ask(officer, "health.no_such", {}).status_code == 404
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(give_roles(make_operator("mio"), "health_officer"))
    assert ask(strict, "health.declare_area", AREA).status_code == 403
    assert not ApprovalRequest.objects.exists()


def test_a_session_that_is_over_asks_for_nothing(officer: Client) -> None:
    assert ask(officer, "health.declare_area", AREA).status_code == 201
    OperatorSession.objects.update(ended_at=clock.now(), ended_by="ENDED")
    assert ask(officer, "health.declare_area", AREA).status_code == 401


def test_the_command_asks_in_the_name_of_whoever_knows_the_password(
    officer: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any
) -> None:
    file = tmp_path / "area.json"
    file.write_text(json.dumps(AREA))
    give_roles(make_operator("otto"), "health_officer")
    monkeypatch.setenv("SAOMA_OPERATOR_PASSWORD", "not this one")
    wish = ["ask", "health.declare_area", str(file), "--operator", "otto", "--reason", REASON]
    with pytest.raises(CommandError):
        call_command(*wish)
    monkeypatch.setenv("SAOMA_OPERATOR_PASSWORD", "long enough a word")
    call_command(*wish)
    assert json.loads(capsys.readouterr().out)["status"] == "PENDING"
    assert ApprovalRequest.objects.get().maker.username == "otto"
    file.write_text('{"region": "42", "region": "420100"}')
    with pytest.raises(CommandError):
        call_command(*wish)
