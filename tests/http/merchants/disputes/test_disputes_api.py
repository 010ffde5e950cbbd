"""The disputes API, walked as buyer, merchant and operators do."""

import base64
import io
import zipfile
from typing import Any

import pytest
from django.test import Client

from config.kernel.audit.models import AuditEvent
from config.kernel.outbox import relay
from merchants.disputes.usecases.answer_dispute import decide_dispute
from merchants.notifications.models import Notification
from merchants.onboarding.models import Merchant
from tests.factories.accounts import client_of, make_user, post
from tests.factories.clock import advance
from tests.factories.merchants import credentials, make_app, make_merchant, make_paid_trade
from tests.factories.operators import client_in_role
from tests.factories.settlement import noon
from wallet import public as wallet
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n and the rest"
NOBODY = "00000000-0000-0000-0000-000000000000"
HOOK = "http://127.0.0.1:9/notify"


class Scene:
    """A breakfast of 12.00 that was paid through an app with a notification address."""

    def __init__(self) -> None:
        noon()
        self.owner = make_user()
        self.merchant: Merchant = make_merchant(owner_id=self.owner.id)
        seller = credentials(make_app(self.merchant, notify_url=HOOK))
        self.payment = make_paid_trade(seller, notify_url=HOOK)
        self.buyer = WalletUser.objects.get(id=str(self.payment.payer_id))
        relay.drain()

    def opened(self, **changes: Any) -> Any:
        """What the buyer's objection is answered with."""
        body = {"payment_id": str(self.payment.id), "reason": "DUPLICATE", "text": "Twice!"}
        return post(client_of(self.buyer), "disputes", body | changes)

    def path(self) -> str:
        """The address of the dispute, which this opens."""
        return f"disputes/{self.opened().json()['id']}"


@pytest.fixture
def scene() -> Scene:
    return Scene()


def evidence(content: bytes = PNG, content_type: str = "image/png") -> dict[str, str]:
    return {"content_type": content_type, "content": base64.b64encode(content).decode()}


def test_silence_is_a_yes_after_48_hours_and_the_merchant_is_told_twice(scene: Scene) -> None:
    answer = scene.opened()
    dispute = answer.json()
    assert (answer.status_code, dispute["state"], dispute["amount"]) == (201, "OPENED", "12.00")
    (listed,) = client_of(scene.owner).get("/api/v1/disputes").json()["results"]
    assert (listed["id"], listed["due_at"]) == (dispute["id"], dispute["due_at"])
    advance(hours=47)
    path = f"/api/v1/disputes/{dispute['id']}"
    assert client_of(scene.buyer).get(path).json()["state"] == "OPENED"
    advance(hours=1)
    assert client_of(scene.owner).get(path).json()["state"] == "EXPIRED"
    assert wallet.payment(scene.payment.id).refunded_minor == 12_00
    relay.drain()
    rows = Notification.objects.filter(topic__startswith="dispute.").order_by("sequence")
    assert [(row.topic, row.url) for row in rows] == [
        ("dispute.opened", HOOK),
        ("dispute.ended", HOOK),
    ]


def test_both_sides_hand_in_evidence_and_operators_open_it_before_they_decide(
    scene: Scene,
) -> None:
    path = scene.path()
    buyer, owner = client_of(scene.buyer), client_of(scene.owner)
    assert post(buyer, f"{path}/evidence", evidence()).status_code == 201
    assert post(owner, f"{path}/challenge", {"text": "It was eaten."}).status_code == 200
    pdf = evidence(b"%PDF-1.7 receipt", "application/pdf") | {"note": "the receipt"}
    assert post(owner, f"{path}/evidence", pdf).status_code == 201
    shown = buyer.get(f"/api/v1/{path}").json()
    assert shown["state"] == "CHALLENGED"
    assert [file["side"] for file in shown["evidence"]] == ["BUYER", "MERCHANT"]
    number = path.removeprefix("disputes/")
    opened = client_in_role("payments_ops").get(f"/admin/disputes/dispute/{number}/evidence/")
    assert (opened.status_code, opened["Content-Type"]) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(opened)))
    assert archive.read("01-buyer.png") == PNG
    assert archive.read("02-merchant.txt") == b"the receipt"
    assert AuditEvent.objects.filter(action="disputes.evidence_read").count() == 1
    decide_dispute(dispute_id=number, for_buyer=False, finding="eaten", actor="a, b")  # type: ignore[arg-type]
    assert post(owner, f"{path}/appeal", {}).status_code == 404
    assert post(buyer, f"{path}/appeal", {}).json()["state"] == "APPEALED"
    assert post(owner, f"{path}/accept", {}).json()["state"] == "ACCEPTED"
    late = post(buyer, f"{path}/evidence", evidence(PNG + b"2"))
    assert (late.status_code, late.json()["code"]) == (409, "dispute_state_forbids")


def test_evidence_is_closed_to_operators_who_have_no_part_in_the_decision(scene: Scene) -> None:
    number = scene.path().removeprefix("disputes/")
    answer = client_in_role("merchant_ops").get(f"/admin/disputes/dispute/{number}/evidence/")
    assert answer.status_code == 403
    assert not AuditEvent.objects.filter(action="disputes.evidence_read").exists()


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"payment_id": NOBODY}, 404, "payment_not_found"),
        ({"payment_id": "breakfast"}, 400, "invalid_request"),
        ({"payment_id": ["a"]}, 400, "invalid_request"),
        ({"reason": "BORED"}, 400, "invalid_request"),
        ({"text": ""}, 400, "invalid_request"),
        ({"text": "a\0b"}, 400, "invalid_request"),
        ({"text": "x" * 2001}, 400, "invalid_request"),
        ({"text": {"a": 1}}, 400, "invalid_request"),
        ({"amount": "0.00"}, 400, "dispute_amount_out_of_range"),
        ({"amount": "12.01"}, 400, "dispute_amount_out_of_range"),
        ({"amount": "-1.00"}, 400, "dispute_amount_out_of_range"),
        ({"amount": "1e1"}, 400, "amount_invalid"),
        ({"amount": 9}, 400, "invalid_request"),
        ({"amount": "9" * 40}, 400, "amount_invalid"),
        ({"colour": "red"}, 400, "unknown_field"),
    ],
)
def test_a_bad_objection_is_answered_with_a_code(
    scene: Scene, changes: dict[str, object], status: int, code: str
) -> None:
    answer = scene.opened(**changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client_of(scene.buyer).get("/api/v1/disputes").json()["results"] == []


@pytest.mark.parametrize("body", [[], "text", None, 7, [[]], {"payment_id": {}}])
def test_a_body_of_another_shape_is_refused(scene: Scene, body: object) -> None:
    assert 400 <= post(client_of(scene.buyer), "disputes", body).status_code < 500


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (evidence(b"GIF89a"), "evidence_refused"),
        (evidence(PNG, "image/gif"), "invalid_request"),
        (evidence(PNG, "application/pdf"), "evidence_refused"),
        ({"content_type": "image/png", "content": "%%%"}, "evidence_refused"),
        ({"content_type": "image/png", "content": "漢字"}, "evidence_refused"),
        ({"content_type": "image/png", "content": ""}, "invalid_request"),
        (evidence(PNG) | {"note": "n" * 501}, "invalid_request"),
        ({"content_type": "image/png"}, "invalid_request"),
    ],
)
def test_bad_evidence_is_answered_with_a_code(
    scene: Scene, file: dict[str, str], code: str
) -> None:
    answer = post(client_of(scene.buyer), f"{scene.path()}/evidence", file)
    assert answer.status_code == 400
    assert answer.json()["code"] == code


def test_a_dispute_is_its_two_sides_alone_and_each_step_its_own_sides(scene: Scene) -> None:
    path = scene.path()
    stranger, buyer, owner = (client_of(user) for user in (make_user(), scene.buyer, scene.owner))
    assert stranger.get(f"/api/v1/{path}").status_code == 404
    assert stranger.get("/api/v1/disputes").json()["results"] == []
    assert post(stranger, f"{path}/evidence", evidence()).status_code == 404
    for client, steps in ((buyer, ("accept", "challenge")), (owner, ("cancel", "appeal"))):
        for step in steps:
            assert post(client, f"{path}/{step}", {"text": "no"}).status_code == 404
    again = scene.opened()
    assert (again.status_code, again.json()["code"]) == (409, "dispute_exists")
    other = post(client_of(make_user()), "disputes", {
        "payment_id": str(scene.payment.id), "reason": "NOT_MINE", "text": "Not mine."
    })  # fmt: skip
    assert (other.status_code, other.json()["code"]) == (404, "dispute_unknown")
    assert Client().get("/api/v1/disputes").status_code == 401
    assert post(buyer, f"{path}/cancel", {}).json()["state"] == "CANCELLED"
    assert post(buyer, f"{path}/cancel", {}).json()["state"] == "CANCELLED"
