"""P0-9: a citizen's two weeks with the health code, over HTTP, on the lab's clock."""

import pytest

from config.kernel import clock
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.request import request_approval
from healthcode.decisions.chain import verify_chains
from healthcode.decisions.models import Notice
from tests.factories.clock import advance
from tests.factories.health import (
    Phone,
    make_gate,
    make_phone,
    make_risk_area,
    new_identity,
    settle,
    trip,
)
from tests.factories.operators import make_checker, make_maker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def phone() -> Phone:
    """Somebody who declared, went to an area at risk, and said so."""
    make_risk_area()
    phone = make_phone()
    assert (
        phone.post("declarations", {"identity": new_identity(), "symptoms": []}).json()["colour"]
        == "GREEN"
    )
    assert phone.post("trips", trip(clock.now())).json()["colour"] == "YELLOW"
    settle()
    return phone


def check_in_on(phone: Phone, days: int) -> str:
    """Let that many days pass with a clean check-in each; the colour after the last."""
    colour = ""
    for _ in range(days):
        advance(days=1)
        colour = phone.post("checkins", {"symptoms": []}).json()["colour"]
    return colour


def test_the_gate_opens_for_green_and_not_for_yellow() -> None:
    make_risk_area()
    gate, phone = make_gate(), make_phone()
    phone.post(
        "declarations", {"identity": new_identity(), "symptoms": [], "temperature_tenths": 366}
    )
    green = phone.code()
    assert gate.verify(green).json()["admitted"] is True
    phone.post("trips", trip(clock.now()))
    assert gate.verify(green).json()["code"] == "code_superseded"
    refused = gate.verify(phone.code()).json()
    assert (refused["admitted"], refused["colour"]) == (False, "YELLOW")
    assert "rule" not in str(refused)
    reasons = phone.get("me").json()["reasons"]
    assert reasons[0]["text"]["en"] == "You have been in an area at medium risk."
    log = phone.get("access-log").json()["results"]
    assert [entry["outcome"] for entry in log] == ["POLICY", "SUPERSEDED", "ADMITTED"]
    assert log[0]["facts"]["rules"][0] == "hz-yellow-area-medium"


def test_seven_daily_check_ins_lead_back_to_green(phone: Phone) -> None:
    assert check_in_on(phone, 6) == "YELLOW"
    assert check_in_on(phone, 1) == "GREEN"
    assert make_gate().verify(phone.code()).json()["admitted"] is True


def test_skipping_the_fourth_day_starts_the_count_again(phone: Phone) -> None:
    check_in_on(phone, 3)
    advance(days=1)
    assert check_in_on(phone, 3) == "YELLOW"
    assert phone.get("me").json()["check_ins"] == {"needed": 7, "days": 3, "running": 3}
    assert Notice.objects.filter(kind="CHECKIN_MISSED").count() == 1
    assert check_in_on(phone, 3) == "YELLOW"
    assert check_in_on(phone, 1) == "GREEN"


def test_two_operators_overturn_a_wrong_colour(phone: Phone) -> None:
    filed = phone.post("corrections", {"grounds": "I was never in Wuhan, my sister was."})
    assert filed.status_code == 201
    mia = make_maker("mia", "health.decide_appeal")
    carl = make_checker("carl", "health.decide_appeal")
    request = request_approval(
        action="health.decide_appeal",
        parameters={
            "appeal": filed.json()["id"],
            "outcome": "OVERTURNED",
            "text": "The trip was your sister's; it was removed.",
        },
        reason="passenger list checked by phone",
        maker=mia,
    )
    approve_request(request_id=request.id, checker=carl)
    assert phone.colour() == "GREEN"
    correction = phone.get("corrections").json()["results"][0]
    assert correction["state"] == "OVERTURNED"
    assert verify_chains().breaks == []
