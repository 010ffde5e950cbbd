"""The page of holds: a risk case's hold is released on the word of a risk analyst."""

import pytest

from config.kernel.approvals.models import ApprovalRequest
from merchants.terms.models import PayoutHold
from tests.factories.merchant_cases import held_payouts
from tests.factories.operators import client_in_role

pytestmark = pytest.mark.django_db


def test_an_analyst_asks_for_the_release_of_a_risk_cases_hold() -> None:
    held_payouts()
    hold = PayoutHold.objects.get()
    client = client_in_role("risk_analyst", "ann")
    page = f"/admin/terms/payouthold/{hold.id}/"
    assert "a test" in client.get(f"{page}change/").content.decode()
    path = f"{page}release/"
    assert client.get(path).status_code == 200
    client.post(path, {"reason": "all is well with this merchant"})
    assert ApprovalRequest.objects.get().action == "risk.release_payouts"
    assert client.get(f"{page}ask_lift/").status_code in {403, 404}
