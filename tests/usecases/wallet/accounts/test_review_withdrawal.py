"""Large withdrawals: the money is held until an operator decides."""

import pytest

from config.kernel.audit.models import AuditEvent
from config.kernel.ids import uuid7
from tests.factories.accounts import PIN, make_user
from tests.factories.clock import advance
from wallet.accounts.models import WalletUser, Withdrawal
from wallet.accounts.queries import ObjectUnknown
from wallet.accounts.rules import InvalidState
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.accounts.usecases.request_withdrawal import request_withdrawal
from wallet.accounts.usecases.review_withdrawal import approve_withdrawal, reject_withdrawal
from wallet.accounts.values import WITHDRAWAL_REVIEW_MINOR, WithdrawalState
from wallet.ledger import queries as ledger
from wallet.ledger.rules import AccountFrozen, HoldSettled, InsufficientFunds

pytestmark = pytest.mark.django_db
BY = {"actor": "operator:wu", "reason": "known customer, called back"}


@pytest.fixture
def user() -> WalletUser:
    return make_user(balance_minor=60_000_00)


@pytest.fixture
def withdrawal(user: WalletUser) -> Withdrawal:
    return request_withdrawal(
        user_id=user.id, key="w1", amount_minor=WITHDRAWAL_REVIEW_MINOR, pin=PIN
    )[0]


def balance(user: WalletUser) -> tuple[int, int]:
    """Posted and available, in fen."""
    found = ledger.balance(user.available_account_id)
    return found.posted_minor, found.available_minor


def test_one_fen_below_the_threshold_needs_no_review(user: WalletUser) -> None:
    withdrawal, _ = request_withdrawal(
        user_id=user.id, key="w2", amount_minor=WITHDRAWAL_REVIEW_MINOR - 1, pin=PIN
    )
    assert withdrawal.state == WithdrawalState.SUBMITTED


def test_waits_with_its_money_held(user: WalletUser, withdrawal: Withdrawal) -> None:
    assert withdrawal.state == WithdrawalState.REVIEW
    assert balance(user) == (60_000_00, 10_000_00)


def test_held_money_cannot_be_withdrawn_again(user: WalletUser, withdrawal: Withdrawal) -> None:
    with pytest.raises(InsufficientFunds):
        request_withdrawal(user_id=user.id, key="w2", amount_minor=10_000_01, pin=PIN)


@pytest.mark.django_db(transaction=True)
def test_a_review_needs_the_money_to_be_there() -> None:
    with pytest.raises(InsufficientFunds):
        request_withdrawal(
            user_id=make_user().id, key="w1", amount_minor=WITHDRAWAL_REVIEW_MINOR, pin=PIN
        )
    assert not Withdrawal.objects.exists()


def test_approving_sends_it_to_the_bank(user: WalletUser, withdrawal: Withdrawal) -> None:
    approved = approve_withdrawal(withdrawal_id=withdrawal.id, **BY)
    assert approved.state == WithdrawalState.SUBMITTED
    assert balance(user) == (10_000_00, 10_000_00)
    advance(seconds=2)
    withdrawal.refresh_from_db()
    assert withdrawal.state == WithdrawalState.PAID


def test_rejecting_gives_the_money_back(user: WalletUser, withdrawal: Withdrawal) -> None:
    rejected = reject_withdrawal(withdrawal_id=withdrawal.id, **BY)
    assert (rejected.state, rejected.reason) == (WithdrawalState.RETURNED, "review_rejected")
    assert balance(user) == (60_000_00, 60_000_00)


@pytest.mark.parametrize("first", [approve_withdrawal, reject_withdrawal])
@pytest.mark.parametrize("second", [approve_withdrawal, reject_withdrawal])
def test_is_decided_once(withdrawal: Withdrawal, first: object, second: object) -> None:
    first(withdrawal_id=withdrawal.id, **BY)  # type: ignore[operator]
    with pytest.raises(InvalidState):
        second(withdrawal_id=withdrawal.id, **BY)  # type: ignore[operator]


def test_cannot_be_approved_while_the_account_is_frozen(
    user: WalletUser, withdrawal: Withdrawal
) -> None:
    freeze_user(user_id=user.id, actor="operator:wu", reason="stolen phone")
    with pytest.raises(AccountFrozen):
        approve_withdrawal(withdrawal_id=withdrawal.id, **BY)
    withdrawal.refresh_from_db()
    assert withdrawal.state == WithdrawalState.REVIEW


def test_after_thirty_days_only_a_rejection_is_left(
    user: WalletUser, withdrawal: Withdrawal
) -> None:
    advance(days=31)
    with pytest.raises(HoldSettled):
        approve_withdrawal(withdrawal_id=withdrawal.id, **BY)
    reject_withdrawal(withdrawal_id=withdrawal.id, **BY)
    assert balance(user) == (60_000_00, 60_000_00)


def test_the_decision_is_audited(withdrawal: Withdrawal) -> None:
    approve_withdrawal(withdrawal_id=withdrawal.id, **BY)
    event = AuditEvent.objects.get(action="accounts.approve_withdrawal")
    assert (event.actor, event.purpose) == (BY["actor"], BY["reason"])
    assert event.target == f"withdrawal:{withdrawal.id}"


@pytest.mark.parametrize("call", [approve_withdrawal, reject_withdrawal])
def test_an_unknown_withdrawal_is_not_found(call: object) -> None:
    with pytest.raises(ObjectUnknown):
        call(withdrawal_id=uuid7(), **BY)  # type: ignore[operator]
