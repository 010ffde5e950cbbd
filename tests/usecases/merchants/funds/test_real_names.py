"""A transfer's real name is compared with the verified one, never with a display name."""

import pytest

from merchants.funds.rules import PayeeNameDiffers
from merchants.funds.usecases.send_transfer import send_transfer
from merchants.funds.values import Order, Payee, PayeeNamedBy, TransferKind
from merchants.onboarding.models import Merchant
from tests.factories.accounts import available_minor, make_user
from tests.factories.funds import give_balance
from tests.factories.settlement import make_merchant
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.update_profile import update_profile

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Merchant:
    merchant = make_merchant()
    give_balance(merchant, 100_00)
    return merchant


@pytest.fixture
def payee() -> WalletUser:
    user = make_user(name="李伟 Li Wei")
    update_profile(user_id=user.id, name="Mallory Bank Ltd")
    return user


def send(shop: Merchant, payee: WalletUser, name: str) -> None:
    named = Payee(PayeeNamedBy.NUMBER, payee.user_number, name)
    send_transfer(merchant_id=shop.id, order=Order("T1", TransferKind.WALLET, named, 10_00))


@pytest.mark.parametrize("name", ["李伟", "li wei", "李伟 Li Wei", ""])
def test_either_form_of_the_verified_name_is_right(
    shop: Merchant, payee: WalletUser, name: str
) -> None:
    send(shop, payee, name)
    assert available_minor(payee) == 10_00


@pytest.mark.parametrize("name", ["Mallory Bank Ltd", "王伟 Li Wei", "Wei"])
def test_a_name_that_its_owner_has_chosen_is_not(
    shop: Merchant, payee: WalletUser, name: str
) -> None:
    with pytest.raises(PayeeNameDiffers):
        send(shop, payee, name)


def test_nobody_unverified_has_a_real_name(shop: Merchant) -> None:
    with pytest.raises(PayeeNameDiffers):
        send(shop, make_user(name="Li Hua", kyc_tier=0), "Li Hua")
