"""Four eyes over wallet accounts: the second operator's yes runs the use case."""

import pytest
from django.contrib.auth.models import User

from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.request import request_approval
from config.kernel.approvals.rules import MakerLacksRole, SelfApproval
from config.kernel.approvals.values import Status
from config.kernel.ids import uuid7
from tests.factories.accounts import PIN, available_minor, make_topup, make_user
from tests.factories.clock import advance
from tests.factories.operators import make_checker, make_maker
from wallet.accounts import queries
from wallet.accounts.approvals import APPROVE_WITHDRAWAL, RELEASE_TOPUP, RESTORE_KYC, UNFREEZE
from wallet.accounts.models import BankCallback
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.accounts.usecases.request_withdrawal import request_withdrawal
from wallet.accounts.usecases.suspend_kyc import suspend_kyc
from wallet.accounts.values import UserState, WithdrawalState

pytestmark = pytest.mark.django_db
REASON = "checked by telephone with the customer"


def operators(action: str) -> tuple[User, User]:
    return make_maker("wu", action), make_checker("xu", action)


def carried_out(action: str, target: object) -> str:
    """Ask as one operator, approve as another; the request's last status."""
    maker, checker = operators(action)
    request = request_approval(
        action=action, parameters={"id": str(target)}, reason=REASON, maker=maker
    )
    approve_request(request_id=request.id, checker=checker)
    request.refresh_from_db()
    return request.status


def test_a_second_operator_unfreezes() -> None:
    user = make_user(kyc_tier=0)
    freeze_user(user_id=user.id, actor="operator:wu", reason="stolen phone")
    status = carried_out(UNFREEZE, user.id)
    assert status == Status.EXECUTED
    assert queries.user(user.id).state == UserState.ACTIVE


def test_a_second_operator_restores_a_verification() -> None:
    user = make_user(kyc_tier=2)
    suspend_kyc(user_id=user.id, actor="operator:wu", reason="forged document")
    assert carried_out(RESTORE_KYC, user.id) == Status.EXECUTED
    assert queries.user(user.id).kyc_tier == 2


def test_a_second_operator_approves_a_large_withdrawal() -> None:
    user = make_user(balance_minor=50_000_00)
    withdrawal, _ = request_withdrawal(user_id=user.id, key="w1", amount_minor=50_000_00, pin=PIN)
    status = carried_out(APPROVE_WITHDRAWAL, withdrawal.id)
    assert status == Status.EXECUTED
    withdrawal.refresh_from_db()
    assert withdrawal.state == WithdrawalState.SUBMITTED


def test_a_second_operator_releases_late_money() -> None:
    user = make_user()
    make_topup(user, 100_94)
    advance(days=2)
    callback = BankCallback.objects.get()
    status = carried_out(RELEASE_TOPUP, callback.id)
    assert status == Status.EXECUTED
    assert available_minor(user) == 100_94


def test_one_operator_alone_unfreezes_nothing() -> None:
    user = make_user(kyc_tier=0)
    freeze_user(user_id=user.id, actor="operator:wu", reason="stolen phone")
    maker, _ = operators(UNFREEZE)
    request = request_approval(
        action=UNFREEZE, parameters={"id": str(user.id)}, reason=REASON, maker=maker
    )
    with pytest.raises(SelfApproval):
        approve_request(request_id=request.id, checker=maker)
    assert queries.user(user.id).state == UserState.FROZEN


def test_asking_takes_the_permission() -> None:
    with pytest.raises(MakerLacksRole):
        request_approval(
            action=UNFREEZE,
            parameters={"id": str(make_user(kyc_tier=0).id)},
            reason=REASON,
            maker=make_checker("wu", UNFREEZE),
        )


@pytest.mark.parametrize("action", [UNFREEZE, APPROVE_WITHDRAWAL, RELEASE_TOPUP])
def test_asking_about_nothing_is_not_found(action: str) -> None:
    with pytest.raises((queries.UserUnknown, queries.ObjectUnknown)):
        request_approval(
            action=action,
            parameters={"id": str(uuid7())},
            reason=REASON,
            maker=make_maker("wu", action),
        )
