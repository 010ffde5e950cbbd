"""The paper desk, and specimens."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from config.kernel import clock
from config.kernel.audit.models import AuditEvent
from healthcode.codec import sh1
from healthcode.passes import rules
from healthcode.passes.models import Pass
from healthcode.passes.usecases.issue_paper import Request, issue_paper
from healthcode.passes.values import PaperGround
from healthcode.subjects.models import Subject
from healthcode.subjects.values import DocumentType, Identity
from healthcode.verification.models import CheckIn
from tests.factories.health import later, make_gate, make_phone, new_identity
from tests.factories.operators import make_operator

pytestmark = pytest.mark.django_db(transaction=True)
GRANNY = Identity("王奶奶", DocumentType.PASSPORT, "E40000001", date(1940, 5, 6))
ASKED = Request(GRANNY, PaperGround.ELDERLY, well=True)
AT = datetime(2026, 3, 1, tzinfo=UTC)


def issue(request: Request = ASKED) -> str:
    return issue_paper(request=request, actor="operator:desk").text


def test_somebody_without_a_phone_walks_through_a_gate_with_paper_and_card() -> None:
    gate, code = make_gate(), issue()
    assert gate.verify(code).json()["verdict"] == "ID_CHECK"
    assert not CheckIn.objects.exists()
    assert gate.verify(code, identity_checked=True).json()["admitted"] is True
    assert CheckIn.objects.get().presence == "IDENTIFIED"
    assert AuditEvent.objects.get(action="health.issue_paper").purpose == "ELDERLY"


def test_a_new_paper_makes_the_old_one_worthless_and_it_is_the_same_person() -> None:
    gate, old = make_gate(), issue()
    new = issue()
    assert gate.verify(old, identity_checked=True).json()["code"] == "code_revoked"
    assert gate.verify(new, identity_checked=True).json()["admitted"] is True
    assert Subject.objects.count() == 1


def test_paper_ends_after_180_days_and_outlives_no_decision_it_states() -> None:
    issue()
    record = Pass.objects.get()
    assert (record.expires_at - record.issued_at).days == 180
    assert (record.decision_id, record.colour) == (None, "UNKNOWN")


def test_without_a_declaration_the_paper_leads_to_unknown() -> None:
    gate, code = make_gate(), issue(replace(ASKED, well=False))
    answer = gate.verify(code, identity_checked=True).json()
    assert (answer["verdict"], answer["colour"]) == ("POLICY", "UNKNOWN")


def test_an_old_declaration_lets_nobody_in_by_paper() -> None:
    gate, code = make_gate(), issue()
    later(days=15)
    assert gate.verify(code, identity_checked=True).json()["admitted"] is False


@pytest.mark.parametrize(
    ("ground", "born", "sound"),
    [
        (PaperGround.CHILD, date(2008, 3, 2), True),
        (PaperGround.CHILD, date(2008, 3, 1), False),
        (PaperGround.ELDERLY, date(1966, 3, 1), True),
        (PaperGround.ELDERLY, date(1966, 3, 2), False),
        (PaperGround.ELDERLY, None, False),
        (PaperGround.DISABLED, None, True),
        (PaperGround.NO_PHONE, date(1990, 1, 1), True),
    ],
)
def test_paper_is_for_the_young_the_old_and_those_who_cannot(
    ground: PaperGround, born: date | None, sound: bool
) -> None:
    if sound:
        rules.check_ground(ground, born, at=AT)
    else:
        with pytest.raises(rules.PaperRefused):
            rules.check_ground(ground, born, at=AT)


def form(**changes: Any) -> dict[str, Any]:
    return {
        "name": "王奶奶", "document_type": "20", "document_number": "e 4000-0001",
        "birth_date": "1940-05-06", "region": "", "ground": "ELDERLY", "well": "on",
        "card_seen": "on", **changes,
    }  # fmt: skip


def test_the_desk_prints_a_page_and_keeps_no_copy() -> None:
    client, address = Client(), reverse("admin:health_passes_pass_issue_paper")
    client.force_login(make_operator("root", superuser=True))
    assert client.get(address).status_code == 200
    answer = client.post(address, form())
    page = answer.content.decode()
    assert "<svg" in page
    assert "王*" in page
    assert "王奶奶" not in page
    assert "no-store" in answer["Cache-Control"]
    assert "card_seen" in client.post(address, form(card_seen="")).content.decode()
    assert client.post(address, form(ground="CHILD")).status_code == 302
    assert Pass.objects.count() == 1


def test_only_the_desk_issues_paper() -> None:
    client, address = Client(), reverse("admin:health_passes_pass_issue_paper")
    client.force_login(make_operator("clerk", "health_passes.view_pass"))
    assert client.post(address, form()).status_code in {302, 403}
    assert not Pass.objects.exists()


def test_a_specimen_is_grey_and_opens_nothing() -> None:
    gate = make_gate()
    shown = APIClient().get("/api/v1/health/codes/specimen").json()
    assert (shown["colour"], shown["kind"]) == ("UNKNOWN", "SPECIMEN")
    for said in ({}, {"identity_checked": True}, {"direction": "OUT"}):
        answer = gate.verify(shown["code"], **said)
        assert (answer.status_code, answer.json()["code"]) == (422, "code_is_specimen")
    assert not CheckIn.objects.exists()
    assert not Pass.objects.exists()


def test_whoever_carries_paper_leaves_without_being_asked_for_a_card() -> None:
    gate, code = make_gate(), issue()
    gate.verify(code, identity_checked=True)
    answer = gate.verify(code, direction="OUT").json()
    assert (answer["verdict"], answer["admitted"]) == ("ADMITTED", True)
    assert [row.direction for row in CheckIn.objects.order_by("id")] == ["IN", "OUT"]


def test_paper_says_the_name_that_is_known_and_not_the_one_that_was_typed() -> None:
    issue()
    code = issue(replace(ASKED, identity=replace(GRANNY, name="李奶奶")))
    assert sh1.peek(code).name_hint == "王*"


def test_a_childs_paper_ends_when_they_come_of_age() -> None:
    today = clock.now().date()
    born = date(today.year - 18, today.month, 1) + timedelta(days=45)
    child = replace(GRANNY, birth_date=born, document_number="E40000009")
    issue(replace(ASKED, identity=child, ground=PaperGround.CHILD))
    record = Pass.objects.get()
    assert 0 < (record.expires_at - record.issued_at).days < 60


def test_a_person_sees_their_paper_and_takes_it_out_of_force() -> None:
    phone = make_phone()
    identity = {**new_identity(), "birth_date": "1940-01-02"}
    phone.post("declarations", {"identity": identity, "symptoms": []})
    known = Identity(
        identity["name"], DocumentType.PASSPORT, identity["document_number"], date(1940, 1, 2)
    )
    request = Request(identity=known, ground=PaperGround.ELDERLY)
    paper = issue_paper(request=request, actor="operator:desk")
    (listed,) = phone.get("codes/papers").json()
    assert listed["id"] == str(paper.record.id)
    assert next(row["kind"] for row in phone.get("me").json()["notices"]) == "PAPER_ISSUED"
    gate = make_gate()
    assert gate.verify(paper.text, identity_checked=True).json()["verdict"] == "ADMITTED"
    assert phone.post("codes/papers/revoke").json() == {"revoked": 1}
    assert phone.post("codes/papers/revoke").json() == {"revoked": 0}
    assert phone.get("codes/papers").json() == []
    assert gate.verify(paper.text, identity_checked=True).json()["code"] == "code_revoked"
    assert next(row["kind"] for row in phone.get("me").json()["notices"]) == "PAPER_REVOKED"
    stranger = make_phone("Somebody Else")
    stranger.post("declarations", {"identity": new_identity(), "symptoms": []})
    mine = phone.get("me").json()["subject_id"]
    refused = stranger.post(f"codes/papers/revoke?subject_id={mine}")
    assert (refused.status_code, refused.json()["code"]) == (403, "guardianship_missing")
