"""Each side's operators find its own half of a payment between units, and nobody else does."""

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse

from tests.factories.operators import client_in_role
from tests.factories.units import World, there
from wallet.clearing.models import IncomingTransfer, OutgoingTransfer

pytestmark = pytest.mark.django_db(transaction=True)


def page_of(client: Client, model: type[models.Model], searched: str) -> str:
    """The page of the one row that a search finds."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    row = model._default_manager.get()
    page = reverse(f"{name}_change", args=[row.pk])
    assert page in client.get(reverse(f"{name}_changelist"), {"q": searched}).content.decode()
    nothing = client.get(reverse(f"{name}_changelist"), {"q": "nobody"}).content.decode()
    assert page not in nothing
    return client.get(page).content.decode()


def test_each_side_finds_its_half_by_who_paid_and_for_what(world: World) -> None:
    transfer = world.pay()
    world.work()
    sent = page_of(client_in_role("support"), OutgoingTransfer, world.payer.user_number)
    assert "30.00\u00a0CNY" in sent
    assert "COMPLETED" in sent
    assert str(transfer.journal_id) in sent
    with there():
        other_half = page_of(client_in_role("finance_ops"), IncomingTransfer, transfer.reference)
        assert "30.00\u00a0CNY" in other_half
        assert "CREDITED" in other_half
        assert str(world.payer.id) in other_half


def test_what_is_refused_says_why_and_where_the_money_is(world: World) -> None:
    with there():
        world.merchant.state = "SUSPENDED"
        world.merchant.save()
    transfer = world.pay()
    world.work()
    transfer.refresh_from_db()
    sent = page_of(client_in_role("support"), OutgoingTransfer, str(transfer.id))
    assert "RETURNED" in sent
    assert "PAYEE_SUSPENDED" in sent
    assert str(transfer.return_journal_id) in sent


def test_who_has_no_business_with_money_is_kept_out(world: World) -> None:
    transfer = world.pay()
    client = client_in_role("health_officer")
    for address in (
        reverse("admin:clearing_outgoingtransfer_changelist"),
        reverse("admin:clearing_outgoingtransfer_change", args=[transfer.id]),
        reverse("admin:clearing_incomingtransfer_changelist"),
    ):
        assert client.get(address).status_code == 403
