"""The page of holds: a risk case's hold is released on the word of a risk analyst."""

import pytest
from django.test import Client

from config.admin.roles import create_roles
from config.kernel.approvals.models import ApprovalRequest
from merchants.terms.models import PayoutHold
from tests.factories.merchant_cases import held_payouts
from tests.factories.operators import give_roles, make_operator

pytestmark = pytest.mark.django_db


def test_an_analyst_asks_for_the_release_of_a_risk_cases_hold() -> None:
    held_payouts()
    hold = PayoutHold.objects.get()
    create_roles()
    client = Client()
    client.force_login(give_roles(make_operator("ann"), "risk_analyst"))
    page = f"/admin/terms/payouthold/{hold.id}/"
    assert "a test" in client.get(f"{page}change/").content.decode()
    path = f"{page}release/"
    assert client.get(path).status_code == 200
    client.post(path, {"reason": "all is well with this merchant"})
    assert ApprovalRequest.objects.get().action == "risk.release_payouts"
    assert client.get(f"{page}ask_lift/").status_code in {403, 404}
