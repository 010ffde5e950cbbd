"""The operators' pages of authorisations and arrears."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import make_user
from tests.factories.authorisations import asking, capture, freeze, make_trusted
from tests.factories.operators import make_operator
from tests.factories.payments import Shop
from wallet.authorisations.models import Arrears, Authorisation
from wallet.authorisations.usecases.request_hold import request_hold

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_operator("ann", superuser=True))
    return client


def page(desk: Client, model: Any, object_id: object | None = None) -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    path = reverse(f"{name}_changelist")
    if object_id is not None:
        path = reverse(f"{name}_change", args=[object_id])
    told = desk.get(path)
    assert told.status_code == 200
    return told.content.decode()


def test_authorisation_is_shown_with_parts_operations_and_trust(desk: Client) -> None:
    guest, hotel = make_trusted(points=640), Shop(name="<b>Hotel</b>")
    stay = freeze(hotel, guest).authorisation
    capture(hotel, stay, 420_00, complete=True)
    assert stay.number in page(desk, Authorisation)
    shown = page(desk, Authorisation, stay.id)
    assert "authorisations_kept" in shown
    assert "UNFREEZE" in shown
    assert "<b>Hotel</b>" not in shown
    owed = Arrears.objects.get()
    assert owed.payment_number in page(desk, Arrears)
    assert "asset:arrears" in page(desk, Arrears, owed.id)


def test_offer_that_nobody_has_scanned_is_shown(desk: Client) -> None:
    offered = request_hold(request=asking(Shop())).authorisation
    assert "nobody yet" in page(desk, Authorisation, offered.id)


def test_nobody_edits_here(desk: Client) -> None:
    stay = freeze(Shop(), make_user(balance_minor=800_00)).authorisation
    path = reverse("admin:authorisations_authorisation_change", args=[stay.id])
    assert desk.post(path, {"status": "CLOSED"}).status_code == 403
