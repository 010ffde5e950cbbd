"""Support finds what a customer did beside plain payments: by the customer's number, on a page."""

import uuid
from datetime import timedelta

import pytest
from django.db.models import Model
from django.urls import reverse

from config.kernel import clock
from merchants.exchange.models import FxPayment, FxQuote
from merchants.selfscan.models import Trip
from merchants.speakers.models import Speaker, VoiceOrder
from merchants.transit.models import Ride, Tap, TransitCertificate
from tests.factories.accounts import make_user
from tests.factories.operators import client_in_role
from wallet.funding.models import CreditLine, SavingsOrder
from wallet.passkeys.models import Passkey
from wallet.sharing.models import RedPacket, SplitBill

pytestmark = pytest.mark.django_db
WITHOUT_ROWS = (FxPayment, FxQuote, Trip, VoiceOrder, Ride, Tap)


def rows_of(user_id: uuid.UUID) -> list[Model]:
    """One row of each table that knows its customer by the id."""
    now, some = clock.now(), uuid.uuid4()
    return [
        CreditLine.objects.create(user_id=user_id, limit_minor=100_00),
        SavingsOrder.objects.create(
            user_id=user_id, key="k", kind="DEPOSIT", amount_minor=5_00, journal_id=some
        ),
        SplitBill.objects.create(requester_id=user_id, key="k", title="Hotpot", total_minor=90_00),
        RedPacket.objects.create(
            sender_id=user_id, key="k", account_id=some, total_minor=8_88, shares=3
        ),
        Passkey.objects.create(user_id=user_id, challenge="c", expires_at=now),
        Speaker.objects.create(
            user_id=user_id, serial="S1", public_key="-", agreement_id=some, daily_minor=50_00
        ),
        TransitCertificate.objects.create(
            user_id=user_id, public_key=b"-", cap_minor=30_00, not_before=now,
            not_after=now + timedelta(days=1),
        ),
    ]  # fmt: skip


def test_support_finds_a_customers_services_and_opens_them() -> None:
    client = client_in_role("support", "sue")
    user, other = make_user(), make_user(phone="13700000009")
    for row in rows_of(user.id):
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}"
        page = reverse(f"{name}_change", args=[row.pk])
        listed = client.get(reverse(f"{name}_changelist"), {"q": user.user_number}).content.decode()
        assert page in listed, name
        assert str(user.id) in client.get(page).content.decode(), name
        strange = client.get(reverse(f"{name}_changelist"), {"q": other.user_number})
        assert page not in strange.content.decode(), name
    for model in WITHOUT_ROWS:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        assert client.get(reverse(name), {"q": user.user_number}).status_code == 200, name
