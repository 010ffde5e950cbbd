"""The operators' panel of merchants, orders and notifications."""

import pytest
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from config.kernel.approvals import registry
from config.kernel.outbox import relay
from merchants.acceptance.models import Order
from merchants.acceptance.usecases.precreate import precreate_order
from merchants.notifications.models import Notification
from merchants.onboarding.models import App, AppKey, GatewayKey, Merchant, Store, Till
from merchants.onboarding.tasks import APPROVE_MERCHANT
from merchants.onboarding.values import MerchantState
from tests.factories.clock import advance
from tests.factories.merchants import (
    credentials,
    make_app,
    make_merchant,
    make_paid_trade,
    make_sale,
    make_till,
)
from tests.factories.operators import make_operator
from tests.factories.receiver import Answer, receiving

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CHANGE = "onboarding.change_merchant"
VIEW = "onboarding.view_merchant"
REASON = {"reason": "customers have complained"}


def panel_of(operator: User) -> Client:
    """The panel as an operator sees it."""
    client = Client()
    client.force_login(operator)
    return client


@pytest.fixture
def root() -> Client:
    return panel_of(make_operator("root", superuser=True))


def page(row: Model, name: str = "change") -> str:
    """Address of a row's page."""
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=[row.pk])


def test_shows_every_table_and_row_and_lets_nobody_edit(root: Client) -> None:
    merchant = make_merchant()
    make_till(merchant)
    seller = credentials(make_app(merchant))
    make_paid_trade(seller)
    precreate_order(sale=make_sale(seller))
    relay.drain()
    for model in (Merchant, Store, Till, App, AppKey, GatewayKey, Order, Notification):
        row = model.objects.get()
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}"
        assert root.get(reverse(f"{name}_changelist"), {"q": "1"}).status_code == 200
        shown = root.get(page(row))
        assert shown.status_code == 200
        assert b'name="_save"' not in shown.content
        assert root.get(reverse(f"{name}_add")).status_code == 403
        assert root.post(page(row, "delete"), {"post": "yes"}).status_code == 403


def test_never_shows_private_parts(root: Client) -> None:
    merchant = make_merchant()
    till = make_till(merchant)
    order = precreate_order(sale=make_sale(credentials(make_app(merchant))))
    key = GatewayKey.objects.get()
    pages = [root.get(page(row)).content.decode() for row in (key, till, order)]
    assert "sealed" not in pages[0]
    assert till.token not in pages[1]
    assert order.token not in pages[2]


def test_edits_nothing_when_a_form_is_posted(root: Client) -> None:
    merchant = make_merchant()
    root.post(page(merchant), {"name": "Other", "fee_bps": 0, "state": "CLOSED"})
    merchant.refresh_from_db()
    assert (merchant.name, merchant.state) == ("包子铺", MerchantState.APPROVED)


def test_suspends_and_closes_with_a_reason() -> None:
    merchant = make_merchant()
    client = panel_of(make_operator("mia", CHANGE, VIEW))
    for step, state in (("suspend", "SUSPENDED"), ("close", "CLOSED")):
        address = reverse(f"admin:onboarding_merchant_{step}", args=[merchant.id])
        assert client.get(address).status_code == 200
        assert client.post(address, {"reason": "short"}).status_code == 200
        assert client.post(address, REASON).status_code == 302
        merchant.refresh_from_db()
        assert (merchant.state, merchant.state_reason) == (state, REASON["reason"])


def test_asks_a_second_operator_for_approval() -> None:
    merchant = make_merchant(approved=False)
    changer = panel_of(make_operator("max", CHANGE, VIEW))
    client = panel_of(make_operator("mia", VIEW, registry.right("ask", APPROVE_MERCHANT)))
    address = reverse("admin:onboarding_merchant_ask_approval", args=[merchant.id])
    assert changer.post(address, {"reason": "papers are complete"}).status_code == 403
    assert "包子铺" in client.get(address).content.decode()
    answer = client.post(address, {"reason": "papers are complete"})
    merchant.refresh_from_db()
    assert "approvalrequest" in answer.headers["Location"]
    assert merchant.state == MerchantState.SUBMITTED


def test_offers_nothing_to_those_who_only_look() -> None:
    merchant = make_merchant()
    client = panel_of(make_operator("vera", VIEW))
    for step in ("suspend", "close", "ask_approval"):
        address = reverse(f"admin:onboarding_merchant_{step}", args=[merchant.id])
        assert client.post(address, REASON).status_code == 403


def test_sends_a_notification_again() -> None:
    with receiving(Answer(500, b"out of order"), Answer()) as receiver:
        make_paid_trade(credentials(make_app(make_merchant(), notify_url=receiver.url)))
        relay.drain()
        advance()
        notification = Notification.objects.get()
        client = panel_of(
            make_operator(
                "sue",
                "gateway.change_notification",
                "gateway.view_notification",
                "gateway.view_notificationattempt",
            )
        )
        assert b"out of order" in client.get(page(notification)).content
        address = page(notification, "resend")
        assert client.get(address).status_code == 200
        assert client.post(address, {"go": "1"}).status_code == 302
        advance()
    notification.refresh_from_db()
    assert notification.state == "DELIVERED"


def test_offers_no_resend_for_what_has_no_address() -> None:
    make_paid_trade(credentials(make_app(make_merchant())))
    relay.drain()
    client = panel_of(make_operator("sue", "gateway.change_notification"))
    assert client.post(page(Notification.objects.get(), "resend")).status_code == 403
