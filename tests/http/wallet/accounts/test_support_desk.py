"""What support does for a customer on the customer's page: unlock, revoke, write notes."""

import pytest
from django.test import Client

from config.kernel import clock
from config.kernel.audit.models import AuditEvent
from tests.factories.accounts import make_user
from tests.factories.operators import make_operator
from wallet.accounts.models import CustomerNote, Device, WalletUser

pytestmark = pytest.mark.django_db
REASON = "called, and knew the last three payments"
# What the dialog sends beside its fields.
SENT = {"_form_submitted": "True"}
EVENING = "prefers to be called in the evening"
SEES = ("accounts.view_walletuser", "accounts.view_device", "accounts.view_customernote")


@pytest.fixture
def support(client: Client) -> Client:
    client.force_login(make_operator("sue", *SEES, "accounts.help_walletuser"))
    return client


@pytest.fixture
def customer() -> WalletUser:
    user = make_user()
    WalletUser.objects.filter(id=user.id).update(pin_strikes=5, pin_locked_until=clock.now())
    return user


def deed(user: WalletUser, verb: str) -> str:
    return f"/admin/accounts/walletuser/{user.id}/{verb}/"


def test_a_locked_pin_is_unlocked_with_a_reason(support: Client, customer: WalletUser) -> None:
    support.post(deed(customer, "unlock"), {"reason": REASON, **SENT})
    customer.refresh_from_db()
    assert (customer.pin_strikes, customer.pin_locked_until) == (0, None)
    event = AuditEvent.objects.get(action="accounts.unlock_pin")
    assert (event.actor, event.purpose) == ("operator:sue", REASON)


def test_a_note_stands_on_the_customers_page(support: Client, customer: WalletUser) -> None:
    support.post(deed(customer, "note"), {"reason": EVENING, **SENT})
    page = support.get(f"/admin/accounts/walletuser/{customer.id}/change/").content.decode()
    assert EVENING in page
    note = CustomerNote.objects.get()
    assert note.author == "sue"
    assert AuditEvent.objects.get(action="accounts.note").after == {"note": str(note.id)}


def test_a_lost_phone_is_revoked(support: Client, customer: WalletUser) -> None:
    device = Device.objects.create(user=customer, label="lost phone")
    support.post(f"/admin/accounts/device/{device.id}/revoke/", {"reason": REASON, **SENT})
    device.refresh_from_db()
    assert device.revoked_at is not None
    event = AuditEvent.objects.get(action="accounts.revoke_device")
    assert (event.actor, event.purpose) == ("operator:sue", REASON)


def test_the_page_leads_to_the_customers_payments_and_money(
    support: Client, customer: WalletUser
) -> None:
    page = support.get(f"/admin/accounts/walletuser/{customer.id}/change/").content.decode()
    assert f"/admin/payments/payment/?q={customer.id}" in page
    assert f"/admin/accounts/withdrawal/?q={customer.user_number}" in page


@pytest.mark.parametrize("verb", ["unlock", "note"])
def test_others_do_none_of_it(client: Client, customer: WalletUser, verb: str) -> None:
    client.force_login(make_operator("olga", *SEES))
    assert client.post(deed(customer, verb), {"reason": REASON, **SENT}).status_code == 403
