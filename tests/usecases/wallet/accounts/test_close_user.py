"""close_user: an empty wallet is closed for good, and its number is free again."""

import pytest

from config.kernel import clock
from tests.factories.accounts import PASSWORD, PIN, fund, make_topup, make_user, token_of
from tests.factories.authorisations import agreed
from tests.factories.payments import Shop, make_phone
from wallet.accounts import queries
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.check_pin import PinWrong
from wallet.accounts.usecases.close_user import WalletNotEmpty, close_user
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.accounts.usecases.register_user import register_user
from wallet.accounts.usecases.request_withdrawal import request_withdrawal
from wallet.accounts.values import UserState
from wallet.ledger.rules import AccountFrozen
from wallet.payments.usecases.transfer_money import transfer_money

pytestmark = pytest.mark.django_db


def reason_left(user: WalletUser) -> object:
    with pytest.raises(WalletNotEmpty) as refusal:
        close_user(user_id=user.id, pin=PIN)
    return refusal.value.fields["reason"]


def test_an_empty_wallet_is_closed_with_its_sessions_and_devices() -> None:
    phone = make_phone(balance_minor=0)
    token = token_of(phone.user)
    for _ in range(2):
        assert close_user(user_id=phone.user.id, pin=PIN).state == UserState.CLOSED
    assert queries.live_session(token, at=clock.now()) is None
    assert not queries.live_devices(phone.user.id).exists()
    with pytest.raises(queries.UserUnknown):
        queries.user_by_phone(phone.user.phone)


def test_the_number_of_a_closed_wallet_is_free_for_another() -> None:
    user = make_user(kyc_tier=0)
    close_user(user_id=user.id, pin=PIN)
    again = register_user(phone=user.phone, name="Wang", password=PASSWORD, pin=PIN)
    assert queries.user_by_phone(user.phone) == again


@pytest.mark.parametrize("left", ["balance", "held", "pending"])
def test_a_wallet_with_anything_left_stays_open(left: str) -> None:
    user = make_user(balance_minor=0)
    if left == "balance":
        fund(user, 1)
    elif left == "held":
        fund(user, 10_00)
        agreed(Shop(), user, 10_00)
    else:
        make_topup(user, 5_00)
    assert reason_left(user) == left


def test_a_withdrawal_on_its_way_keeps_a_wallet_open() -> None:
    user = make_user(balance_minor=5_00)
    request_withdrawal(user_id=user.id, key="w", amount_minor=5_00, pin=PIN)
    assert reason_left(user) == "pending"


def test_a_wrong_pin_and_a_freeze_stand_against_it() -> None:
    user = make_user(kyc_tier=0)
    with pytest.raises(PinWrong):
        close_user(user_id=user.id, pin="000001")
    freeze_user(user_id=user.id, actor="operator:wu", reason="a report")
    with pytest.raises(AccountFrozen):
        close_user(user_id=user.id, pin=PIN)


def test_a_repeated_transfer_to_a_wallet_closed_since_gets_its_first_answer() -> None:
    payer, payee = make_user(balance_minor=5_00), make_user(balance_minor=0)
    sending = {"key": "K", "payer_id": payer.id, "payee_phone": payee.phone, "pin": PIN}
    first = transfer_money(**sending, amount_minor=1_00)  # type: ignore[arg-type]
    request_withdrawal(user_id=payee.id, key="w", amount_minor=1_00, pin=PIN)
    payee.withdrawals.update(state="PAID")
    close_user(user_id=payee.id, pin=PIN)
    again = transfer_money(**sending, amount_minor=1_00)  # type: ignore[arg-type]
    assert (again.changed, again.transfer) == (False, first.transfer)
