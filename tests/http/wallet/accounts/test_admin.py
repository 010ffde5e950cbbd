"""The panel: what operators see of customers, and what they may do."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from config.kernel.approvals import registry
from config.kernel.approvals.models import ApprovalRequest
from tests.factories.accounts import PIN, make_topup, make_user
from tests.factories.operators import make_maker, make_operator
from wallet.accounts.admin import (
    BankCallbackAdmin,
    DeviceAdmin,
    KycApplicationAdmin,
    TopupAdmin,
    WalletUserAdmin,
    WithdrawalAdmin,
)
from wallet.accounts.approvals import APPROVE_WITHDRAWAL, RESTORE_KYC, UNFREEZE
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.accounts.usecases.register_device import register_device
from wallet.accounts.usecases.request_withdrawal import request_withdrawal
from wallet.accounts.values import UserState, WithdrawalState

pytestmark = pytest.mark.django_db
REASON = {"reason": "customer called: phone stolen", "_form_submitted": "True"}
LISTS = ["walletuser", "device", "kycapplication", "topup", "withdrawal", "bankcallback"]


@pytest.fixture
def user() -> WalletUser:
    return make_user(name="Li Hua", phone="13800138000", balance_minor=500_00)


def panel_of(operator: User) -> Client:
    panel = Client()
    panel.force_login(operator)
    return panel


@pytest.fixture
def panel() -> Client:
    return panel_of(make_operator("root", superuser=True))


def change(row: object, name: str) -> str:
    return reverse(f"admin:accounts_{name}_change", args=[row.id])  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens(panel: Client, user: WalletUser, name: str) -> None:
    make_topup(user, 100)
    register_device(user_id=user.id, label="my phone")
    assert panel.get(reverse(f"admin:accounts_{name}_changelist")).status_code == 200


def test_finds_a_customer_by_phone_name_and_number(panel: Client, user: WalletUser) -> None:
    make_user(name="Wang Fang")
    for words in ("13800138000", "Li Hua", user.user_number):
        page = panel.get(reverse("admin:accounts_walletuser_changelist"), {"q": words})
        assert user.user_number in page.content.decode()
        assert "Wang Fang" not in page.content.decode()


def test_masks_phones_and_shows_no_hash(panel: Client, user: WalletUser) -> None:
    for address in (reverse("admin:accounts_walletuser_changelist"), change(user, "walletuser")):
        text = panel.get(address).content.decode()
        assert "+86138****8000" in text
        assert "3800138" not in text
        assert "argon2" not in text


def test_shows_the_balance(panel: Client, user: WalletUser) -> None:
    assert "500.00\u00a0CNY" in panel.get(change(user, "walletuser")).content.decode()


@pytest.mark.parametrize(
    "page",
    [
        WalletUserAdmin,
        DeviceAdmin,
        KycApplicationAdmin,
        TopupAdmin,
        WithdrawalAdmin,
        BankCallbackAdmin,
    ],
)
def test_nobody_adds_edits_or_deletes_rows(page: type) -> None:
    for deed in ("add", "change", "delete"):
        assert not getattr(page, f"has_{deed}_permission")(page, None)


def test_saving_the_form_of_a_row_is_refused(panel: Client, user: WalletUser) -> None:
    answer = panel.post(change(user, "walletuser"), {"name": "Mallory"})
    assert answer.status_code == 403
    user.refresh_from_db()
    assert user.name == "Li Hua"


def test_one_operator_freezes_with_a_reason(user: WalletUser) -> None:
    operator = make_operator("wu", "accounts.view_walletuser", "accounts.freeze_walletuser")
    address = reverse("admin:accounts_walletuser_freeze", args=[user.id])
    answer = panel_of(operator).post(address, REASON)
    assert answer.headers["HX-Redirect"] == change(user, "walletuser")
    user.refresh_from_db()
    assert user.state == UserState.FROZEN


def test_no_reason_no_freeze(panel: Client, user: WalletUser) -> None:
    address = reverse("admin:accounts_walletuser_freeze", args=[user.id])
    for reason in ("", "too short"):
        panel.post(address, {**REASON, "reason": reason})
    user.refresh_from_db()
    assert user.state == UserState.ACTIVE


@pytest.mark.parametrize("deed", ["freeze", "unfreeze", "suspend", "restore"])
def test_an_operator_without_the_permission_does_nothing(user: WalletUser, deed: str) -> None:
    operator = make_operator("wu", "accounts.view_walletuser")
    address = reverse(f"admin:accounts_walletuser_{deed}", args=[user.id])
    assert panel_of(operator).post(address, REASON).status_code == 403


def test_unfreezing_asks_a_second_operator(user: WalletUser) -> None:
    freeze_user(user_id=user.id, actor="operator:wu", reason="stolen phone")
    operator = make_operator("wu", "accounts.view_walletuser", registry.right("ask", UNFREEZE))
    panel_of(operator).post(reverse("admin:accounts_walletuser_unfreeze", args=[user.id]), REASON)
    user.refresh_from_db()
    assert user.state == UserState.FROZEN
    assert ApprovalRequest.objects.get().maker == operator


def test_suspends_a_verification_and_asks_for_its_return(panel: Client, user: WalletUser) -> None:
    panel.post(reverse("admin:accounts_walletuser_suspend", args=[user.id]), REASON)
    user.refresh_from_db()
    assert user.kyc_tier == 0
    maker = panel_of(make_maker("wu", RESTORE_KYC))
    maker.post(reverse("admin:accounts_walletuser_restore", args=[user.id]), REASON)
    assert ApprovalRequest.objects.get().action == "accounts.restore_kyc"


def test_rejects_a_large_withdrawal_and_asks_before_approving(panel: Client) -> None:
    rich = make_user(balance_minor=60_000_00)
    withdrawal, _ = request_withdrawal(user_id=rich.id, key="w1", amount_minor=50_000_00, pin=PIN)
    maker = panel_of(make_maker("wu", APPROVE_WITHDRAWAL))
    maker.post(reverse("admin:accounts_withdrawal_approve", args=[withdrawal.id]), REASON)
    assert ApprovalRequest.objects.get().action == "accounts.approve_withdrawal"
    for _ in range(2):
        panel.post(reverse("admin:accounts_withdrawal_reject", args=[withdrawal.id]), REASON)
    withdrawal.refresh_from_db()
    assert withdrawal.state == WithdrawalState.RETURNED


@pytest.mark.parametrize("name", ["00000000-0000-0000-0000-000000000000", "nonsense"])
def test_a_row_that_is_not_there_is_a_message_and_no_failure(panel: Client, name: str) -> None:
    address = reverse("admin:accounts_walletuser_freeze", args=[name])
    assert panel.post(address, REASON).status_code == 200


def test_actions_fit_the_state_of_the_customer(user: WalletUser) -> None:
    ask = registry.right("ask", UNFREEZE)
    analyst = make_operator("ana", "accounts.view_walletuser", "accounts.freeze_walletuser", ask)

    def offered() -> set[str]:
        page = panel_of(analyst).get(change(user, "walletuser")).content.decode()
        return {name for name in ("freeze", "unfreeze") if f"/{user.id}/{name}" in page}

    assert offered() == {"freeze"}
    freeze_user(user_id=user.id, actor="operator:root", reason="stolen")
    assert offered() == {"unfreeze"}
