"""From an application to a merchant that takes payments, and its ends."""

from typing import Any

import pytest

from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.request import request_approval
from config.kernel.audit.models import AuditEvent
from merchants.onboarding import queries, rules
from merchants.onboarding.models import App, Merchant, Store, Till
from merchants.onboarding.usecases.amend_application import amend_application
from merchants.onboarding.usecases.apply_for_merchant import (
    Application,
    FieldInvalid,
    apply_for_merchant,
)
from merchants.onboarding.usecases.approve_merchant import (
    FeeOutOfRange,
    OperatorsMustDiffer,
    approve_merchant,
)
from merchants.onboarding.usecases.close_merchant import close_merchant
from merchants.onboarding.usecases.onboard_sandbox import onboard_sandbox_merchant
from merchants.onboarding.usecases.submit_application import submit_application
from merchants.onboarding.usecases.suspend_merchant import suspend_merchant
from merchants.onboarding.values import MerchantState
from tests.factories.accounts import make_user
from tests.factories.merchants import BAOZI, make_app, make_merchant, make_till
from tests.factories.operators import make_checker, make_maker
from wallet import public as wallet

pytestmark = pytest.mark.django_db
TWO: dict[str, Any] = {"requested_by": "operator:mia", "approved_by": "operator:carl"}
APPROVE = "merchants.approve"


def application(**changes: Any) -> Application:
    """The usual application, with changes."""
    fields = {name: getattr(BAOZI, name) for name in Application.__dataclass_fields__}
    return Application(**{**fields, **changes})


def draft() -> Merchant:
    """An application that is not submitted yet."""
    return apply_for_merchant(owner_id=make_user().id, application=BAOZI, draft=True)


def test_gives_a_merchant_a_number_as_the_real_ones_look() -> None:
    merchant = make_merchant(approved=False)
    assert merchant.merchant_number.startswith("2088")
    assert len(merchant.merchant_number) == 16
    assert merchant.state == MerchantState.SUBMITTED


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"short_name": "包子"}, "short_name"),
        ({"city": "A very long city name"}, "city"),
        ({"mcc": "58"}, "mcc"),
        ({"mcc": "58１2"}, "mcc"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"zone": "../etc/passwd"}, "zone"),
        ({"cutoff_hour": 24}, "cutoff_hour"),
    ],
)
def test_names_the_field_that_is_wrong(changes: dict[str, Any], field: str) -> None:
    with pytest.raises((FieldInvalid, rules.TextUnprintable)) as refusal:
        apply_for_merchant(owner_id=make_user().id, application=application(**changes))
    assert refusal.value.field == field


def test_lets_a_draft_be_amended_and_submitted() -> None:
    merchant = draft()
    amended = amend_application(merchant_id=merchant.id, application=application(city="Suzhou"))
    assert amended.city == "Suzhou"
    for _ in range(2):
        submitted = submit_application(merchant_id=merchant.id)
    assert submitted.state == MerchantState.SUBMITTED
    with pytest.raises(rules.MerchantStateForbids):
        amend_application(merchant_id=merchant.id, application=BAOZI)


def test_opens_the_books_when_two_operators_approve() -> None:
    merchant = approve_merchant(merchant_id=make_merchant(approved=False).id, fee_bps=38, **TWO)
    assert merchant.state == MerchantState.APPROVED
    assert merchant.fee_bps == 38
    codes = {
        f"merchant:{merchant.id}:pending": merchant.pending_account_id,
        f"merchant:{merchant.id}:payable": merchant.payable_account_id,
        f"merchant:{merchant.id}:reserve": merchant.reserve_account_id,
        f"asset:merchant_receivable:{merchant.id}": merchant.receivable_account_id,
    }
    for code, account_id in codes.items():
        assert wallet.account_id(code) == account_id


def test_changes_nothing_when_approved_again() -> None:
    merchant = make_merchant()
    again = approve_merchant(merchant_id=merchant.id, **TWO)
    assert again.pending_account_id == merchant.pending_account_id
    assert AuditEvent.objects.filter(action="merchant.approved").count() == 1


@pytest.mark.parametrize(("maker", "checker"), [("mia", "mia"), ("", "carl"), ("mia", "")])
def test_is_not_approved_by_one_person(maker: str, checker: str) -> None:
    merchant = make_merchant(approved=False)
    with pytest.raises(OperatorsMustDiffer):
        approve_merchant(merchant_id=merchant.id, requested_by=maker, approved_by=checker)


@pytest.mark.parametrize("fee_bps", [-1, 10_001])
def test_refuses_a_fee_out_of_range(fee_bps: int) -> None:
    with pytest.raises(FeeOutOfRange):
        approve_merchant(merchant_id=make_merchant(approved=False).id, fee_bps=fee_bps, **TWO)


def test_does_not_approve_a_draft() -> None:
    with pytest.raises(rules.MerchantStateForbids):
        approve_merchant(merchant_id=draft().id, **TWO)


def test_is_approved_through_the_four_eyes() -> None:
    merchant = make_merchant(approved=False)
    maker, checker = make_maker("mia", APPROVE), make_checker("carl", APPROVE)
    request = request_approval(
        action=APPROVE,
        parameters={"merchant_id": str(merchant.id), "fee_bps": 55},
        reason="papers are complete",
        maker=maker,
    )
    assert request.effect["state"] == "SUBMITTED → APPROVED"
    assert request.effect["fee"] == "0.60 % → 0.55 %"
    approve_request(request_id=request.id, checker=checker)
    merchant.refresh_from_db()
    assert (merchant.state, merchant.fee_bps) == (MerchantState.APPROVED, 55)
    event = AuditEvent.objects.get(action="merchant.approved")
    assert (event.actor, event.purpose) == ("operator:carl", "requested by operator:mia")


def test_keeps_the_fee_when_the_approval_names_none() -> None:
    merchant = make_merchant(approved=False)
    request = request_approval(
        action=APPROVE,
        parameters={"merchant_id": str(merchant.id)},
        reason="papers are complete",
        maker=make_maker("mia", APPROVE),
    )
    approve_request(request_id=request.id, checker=make_checker("carl", APPROVE))
    merchant.refresh_from_db()
    assert merchant.fee_bps == 60


def test_suspends_at_once_and_comes_back_by_two() -> None:
    merchant = make_merchant()
    for _ in range(2):
        suspended = suspend_merchant(merchant_id=merchant.id, actor="operator:mia", reason="x")
    assert (suspended.state, suspended.state_reason) == (MerchantState.SUSPENDED, "x")
    back = approve_merchant(merchant_id=merchant.id, **TWO)
    assert back.pending_account_id == merchant.pending_account_id
    assert (back.state, back.state_reason) == (MerchantState.APPROVED, "")


def test_closes_everything_with_the_merchant() -> None:
    merchant = make_merchant()
    make_till(merchant)
    make_app(merchant)
    close_merchant(merchant_id=merchant.id, actor="operator:mia", reason="gone")
    assert App.objects.get().state == "DISABLED"
    assert (Store.objects.get().state, Till.objects.get().state) == ("CLOSED", "CLOSED")
    with pytest.raises(rules.MerchantStateForbids):
        approve_merchant(merchant_id=merchant.id, **TWO)


def test_brings_up_a_sandbox_merchant_in_one_call() -> None:
    merchant, app, private_key = onboard_sandbox_merchant(
        name="包子铺", short_name="Baozi", mcc="5812", city="Nanjing", owner_id=make_user().id
    )
    found = queries.app_credentials(app.app_number)
    assert found is not None
    assert found.may_take_payments
    assert found.merchant_number == merchant.merchant_number
    assert queries.store_name(merchant.id, "S1") == "包子铺"
    public = rules.load_private_key(private_key.encode()).public_key()
    assert found.public_keys[0].key == public
    assert found.public_keys[0].sign_types == {"RSA", "RSA2"}
