"""Breaks in the operators' panel: seen with their age, closed by two people."""

import pytest
from django.test import Client
from django.urls import reverse

from config.kernel.approvals import registry
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.audit.models import AuditEvent
from merchants.reconciliation.models import Break
from merchants.reconciliation.usecases.close_break import CLOSE
from tests.factories.approvals import REASON
from tests.factories.clock import advance
from tests.factories.operators import make_checker, make_operator
from tests.factories.reconciliation import break_of_recalled_money
from tests.factories.settlement import held
from wallet.public import account_id

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SEES = "reconciliation.view_break"


def client_of(username: str, *rights: str) -> Client:
    """A browser in which an operator with these rights is logged in."""
    client = Client()
    client.force_login(make_operator(username, *rights))
    return client


def address(page: str, row: Break) -> str:
    """A page of a break."""
    return reverse(f"admin:reconciliation_break_{page}", args=[row.pk])


def test_the_list_shows_an_open_break_with_its_age() -> None:
    row = break_of_recalled_money()
    advance(days=2)
    client = client_of("wu", SEES)
    page = client.get(reverse("admin:reconciliation_break_changelist")).content.decode()
    assert "-10.96\u00a0CNY" in page
    assert "3 (2-7)" in page
    assert client.get(address("change", row)).status_code == 200


def test_who_may_not_see_breaks_is_refused() -> None:
    row = break_of_recalled_money()
    client = client_of("wu", "payouts.view_payout")
    assert client.get(address("change", row)).status_code == 403


def test_closing_is_offered_to_its_makers_alone() -> None:
    row = break_of_recalled_money()
    ask = address("ask_suspense", row)
    assert ask not in client_of("wu", SEES).get(address("change", row)).content.decode()
    maker = client_of("mia", SEES, registry.right("ask", CLOSE))
    assert ask in maker.get(address("change", row)).content.decode()


def test_a_break_goes_to_suspense_once_a_second_operator_agrees() -> None:
    row = break_of_recalled_money()
    maker = client_of("mia", SEES, registry.right("ask", CLOSE))
    page = maker.get(address("ask_suspense", row)).content.decode()
    assert "debit suspense:unmatched" in page
    assert "10.96 CNY" in page
    maker.post(address("ask_suspense", row), {"reason": REASON})
    request = ApprovalRequest.objects.get()
    assert held(account_id("suspense:unmatched")) == 0
    approve_request(request_id=request.id, checker=make_checker("carl", CLOSE))
    row.refresh_from_db()
    assert (row.state, row.template) == ("RESOLVED", "SUSPENSE")
    assert held(account_id("suspense:unmatched")) == -10_96
    assert AuditEvent.objects.filter(action=CLOSE, target=f"break:{row.id}").count() == 1
    assert address("ask_suspense", row) not in maker.get(address("change", row)).content.decode()
