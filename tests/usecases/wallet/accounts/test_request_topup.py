"""request_topup: written down once, whatever the client repeats."""

import pytest

from config.kernel.idempotency.run_idempotent import IdempotencyConflict
from config.kernel.ids import uuid7
from tests.factories.accounts import available_minor, make_user
from wallet.accounts.models import BankInstruction, Topup, WalletUser
from wallet.accounts.queries import UserUnknown
from wallet.accounts.rules import KycRequired
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.accounts.usecases.request_topup import (
    AmountAboveMaximum,
    AmountOutOfRange,
    CurrencyUnsupported,
    request_topup,
)
from wallet.accounts.values import TOPUP_LIFE, BankKind, TopupState
from wallet.ledger.rules import AccountFrozen

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> WalletUser:
    return make_user(kyc_tier=1)


def test_is_created_with_one_instruction_and_no_money(user: WalletUser) -> None:
    topup, replayed = request_topup(user_id=user.id, key="k1", amount_minor=100_00)
    assert (topup.state, replayed) == (TopupState.CREATED, False)
    assert topup.expires_at - topup.created_at == TOPUP_LIFE
    instruction = BankInstruction.objects.get()
    assert (instruction.kind, instruction.subject_id) == (BankKind.TOPUP, topup.id)
    assert available_minor(user) == 0


def test_the_same_key_gives_the_first_topup_again(user: WalletUser) -> None:
    first, _ = request_topup(user_id=user.id, key="k1", amount_minor=100_00)
    again, replayed = request_topup(user_id=user.id, key="k1", amount_minor=100_00)
    assert (again, replayed) == (first, True)
    assert BankInstruction.objects.count() == 1


def test_the_same_key_for_another_amount_is_a_conflict(user: WalletUser) -> None:
    request_topup(user_id=user.id, key="k1", amount_minor=100_00)
    with pytest.raises(IdempotencyConflict):
        request_topup(user_id=user.id, key="k1", amount_minor=100_01)


def test_a_repeat_is_answered_even_after_a_freeze(user: WalletUser) -> None:
    first, _ = request_topup(user_id=user.id, key="k1", amount_minor=100_00)
    freeze_user(user_id=user.id, actor="operator:wu", reason="stolen phone")
    again, _ = request_topup(user_id=user.id, key="k1", amount_minor=100_00)
    assert again == first


def test_keys_of_two_users_never_meet(user: WalletUser) -> None:
    other = make_user(kyc_tier=1)
    for owner in (user, other):
        request_topup(user_id=owner.id, key="k1", amount_minor=100_00)
    assert Topup.objects.count() == 2


@pytest.mark.parametrize(
    ("amount_minor", "currency", "error"),
    [
        pytest.param(0, "CNY", AmountOutOfRange, id="nothing"),
        pytest.param(-1, "CNY", AmountOutOfRange, id="less than nothing"),
        pytest.param(50_000_01, "CNY", AmountAboveMaximum, id="one fen above the maximum"),
        pytest.param(10**30, "CNY", AmountAboveMaximum, id="more than there is"),
        pytest.param(100, "USD", CurrencyUnsupported, id="dollars"),
        pytest.param(100, "XXX", CurrencyUnsupported, id="no currency"),
    ],
)
def test_refuses_an_amount_and_writes_nothing(
    user: WalletUser, amount_minor: int, currency: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        request_topup(user_id=user.id, key="k1", amount_minor=amount_minor, currency=currency)
    assert not Topup.objects.exists()


def test_takes_the_maximum(user: WalletUser) -> None:
    request_topup(user_id=user.id, key="k1", amount_minor=50_000_00)


def test_an_unverified_user_cannot_top_up() -> None:
    with pytest.raises(KycRequired):
        request_topup(user_id=make_user(kyc_tier=0).id, key="k1", amount_minor=100)


def test_a_frozen_user_cannot_top_up(user: WalletUser) -> None:
    freeze_user(user_id=user.id, actor="operator:wu", reason="stolen phone")
    with pytest.raises(AccountFrozen):
        request_topup(user_id=user.id, key="k1", amount_minor=100)


def test_nobody_cannot_top_up() -> None:
    with pytest.raises(UserUnknown):
        request_topup(user_id=uuid7(), key="k1", amount_minor=100)
