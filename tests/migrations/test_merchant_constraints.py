"""The database itself refuses what no merchant's row may be, whoever writes it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, models, transaction

from config.kernel.outbox import relay
from merchants.acceptance.models import Order
from merchants.acceptance.usecases.precreate import precreate_order
from merchants.notifications.models import Notification
from merchants.onboarding.models import App, AppKey, GatewayKey, Merchant, Store, Till
from tests.factories.merchants import (
    credentials,
    make_app,
    make_merchant,
    make_paid_trade,
    make_sale,
    make_till,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def world() -> None:
    """One of each: merchant, store, till, app, keys, order, trade with its notification."""
    merchant = make_merchant()
    make_till(merchant)
    seller = credentials(make_app(merchant))
    precreate_order(sale=make_sale(seller))
    make_paid_trade(seller)
    relay.drain()


def refused(write: Callable[[], object]) -> bool:
    """Whether the database refuses a write."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        return True
    return False


def copy(row: models.Model, **changes: Any) -> Callable[[], object]:
    """A second row like the first, under another id."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.fields}
    new = type(row)(**{**values, "id": uuid4(), **changes})
    return lambda: new.save(force_insert=True)


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        pytest.param(Merchant, {"cutoff_hour": 24}, id="an hour that no day has"),
        pytest.param(Merchant, {"fee_bps": 10_001}, id="a fee above the whole"),
        pytest.param(Merchant, {"pending_account_id": None}, id="approved without accounts"),
        pytest.param(Merchant, {"receivable_account_id": None}, id="without a receivable"),
        pytest.param(AppKey, {"state": "RETIRING"}, id="retiring without an end"),
        pytest.param(Order, {"amount_minor": 0}, id="an order for nothing"),
        pytest.param(Order, {"amount_minor": -1}, id="an order for less than nothing"),
        pytest.param(Order, {"amount_minor": None}, id="a dynamic order without amount"),
        pytest.param(Order, {"payment_id": uuid4()}, id="a payment without a scanner"),
        pytest.param(Notification, {"due_at": NOON}, id="silent and due"),
    ],
)
def test_refuses_a_row_that_cannot_be(model: type[models.Model], changes: dict[str, Any]) -> None:
    rows = model._default_manager.all()
    assert refused(lambda: rows.update(**changes))


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        pytest.param(Merchant, {}, id="a merchant number"),
        pytest.param(Store, {}, id="a store number in a merchant"),
        pytest.param(Till, {"token": "0" * 26}, id="a till number in a merchant"),
        pytest.param(Till, {"code": "T9"}, id="a till token"),
        pytest.param(App, {}, id="an app id"),
        pytest.param(AppKey, {"state": "REVOKED"}, id="a key in an app"),
        pytest.param(AppKey, {"fingerprint": "f"}, id="an active key in an app"),
        pytest.param(GatewayKey, {"fingerprint": "f"}, id="an active gateway key"),
        pytest.param(GatewayKey, {"state": "RETIRING"}, id="a gateway key"),
        pytest.param(Order, {"token": "0" * 26}, id="an order number in a merchant"),
        pytest.param(Order, {"reference": "another"}, id="an order token"),
        pytest.param(Notification, {"notify_id": "1", "sequence": 9}, id="an event"),
        pytest.param(Notification, {"event_id": uuid4(), "sequence": 9}, id="a notify id"),
        pytest.param(
            Notification, {"event_id": uuid4(), "notify_id": "1"}, id="a number in a sequence"
        ),
    ],
)
def test_gives_out_once(model: type[models.Model], changes: dict[str, Any]) -> None:
    row = model._default_manager.get()
    assert refused(copy(row, **changes))


def test_gives_an_attempts_number_out_once() -> None:
    notification = Notification.objects.get()
    first = notification.attempts.create(number=1, planned_at=NOON)
    assert refused(copy(first))


@pytest.mark.parametrize("model", [Merchant, Store, App])
def test_keeps_what_others_stand_on(model: type[models.Model]) -> None:
    row = model._default_manager.get()
    with pytest.raises(models.ProtectedError):
        row.delete()
