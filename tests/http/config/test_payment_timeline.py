"""A payment's page as one timeline, for whoever may see its parts."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.operators import make_operator
from tests.factories.settlement import give_back, make_merchant, make_payer, noon, sell
from wallet.payments.models import Payment

pytestmark = pytest.mark.django_db


def timeline(client: Client, payment: Payment) -> str:
    return client.get(reverse("payments_payment_timeline", args=[payment.pk])).content.decode()


def signed_in(*rights: str, superuser: bool = False) -> Client:
    client = Client()
    client.force_login(make_operator("pat", *rights, superuser=superuser))
    return client


@pytest.fixture
def payment() -> Payment:
    """A sale of a merchant, a part of which was given back."""
    noon()
    merchant = make_merchant()
    sale = sell(merchant, 100_00, payer=make_payer())
    give_back(sale, 10_00, merchant=merchant)
    return Payment.objects.get()


def test_the_steps_stand_in_their_order(payment: Payment) -> None:
    text = timeline(signed_in(superuser=True), payment)
    places = [text.index(f">{word}</td>") for word in ("asked", "paid", "refund")]
    assert places == sorted(places)
    assert "credit merchant pending: 100.00" in text
    assert "10.00" in text


def test_who_may_see_payments_alone_sees_no_entries(payment: Payment) -> None:
    text = timeline(signed_in("payments.view_payment"), payment)
    assert payment.reference in text
    assert "merchant pending" not in text


def test_nobody_else_and_nothing_unknown(payment: Payment) -> None:
    page = reverse("payments_payment_timeline", args=[payment.pk])
    assert signed_in("ledger.view_journal").get(page).status_code == 403
    unknown = page.replace(str(payment.pk), "00000000-0000-0000-0000-000000000000")
    client = Client()
    client.force_login(make_operator("root", superuser=True))
    assert client.get(unknown).status_code == 404
    assert client.post(page).status_code == 405
