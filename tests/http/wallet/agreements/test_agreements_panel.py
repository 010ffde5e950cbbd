"""Agreements in the operators' panel."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from config.kernel.audit.models import AuditEvent
from tests.factories.agreements import debit, make_agreement, stored
from tests.factories.operators import make_operator
from tests.factories.payments import Shop
from wallet.agreements.values import AgreementView

pytestmark = pytest.mark.django_db
LIST = "admin:agreements_agreement_changelist"


def logged_in(client: Client, operator: User) -> Client:
    """The panel as this operator sees it."""
    client.force_login(operator)
    return client


def page(agreement: AgreementView) -> str:
    """The agreement's page."""
    return reverse("admin:agreements_agreement_change", args=[agreement.id])


def suspending(agreement: AgreementView) -> str:
    """The page where it is suspended."""
    return reverse("admin:agreements_agreement_suspend", args=[agreement.id])


def test_agreements_are_listed_and_shown_with_their_deductions(client: Client) -> None:
    agreement = make_agreement(Shop(name="<b>Garage</b>"))
    debit(agreement, reference="EXIT1")
    desk = logged_in(client, make_operator("ann", superuser=True))
    listed = desk.get(reverse(LIST)).content.decode()
    shown = desk.get(page(agreement)).content.decode()
    assert agreement.number in listed
    assert "EXIT1" in shown
    assert "<b>Garage" not in listed + shown


def test_an_operator_suspends_it_with_a_reason(client: Client) -> None:
    agreement = make_agreement(Shop())
    names = ("agreements.view_agreement", "agreements.change_agreement")
    desk = logged_in(client, make_operator("ann", *names))
    desk.post(suspending(agreement), {"reason": "short"})
    assert stored(agreement).status == "NORMAL"
    desk.post(suspending(agreement), {"reason": "payer reports a fraud"})
    assert stored(agreement).status == "SUSPENDED"
    event = AuditEvent.objects.get(action="agreement.suspended")
    assert (event.actor, event.purpose) == ("operator:ann", "payer reports a fraud")


def test_who_may_only_look_cannot_suspend(client: Client) -> None:
    agreement = make_agreement(Shop())
    desk = logged_in(client, make_operator("eve", "agreements.view_agreement"))
    desk.post(suspending(agreement), {"reason": "payer reports a fraud"})
    assert stored(agreement).status == "NORMAL"
    assert desk.get(page(agreement)).status_code == 200
