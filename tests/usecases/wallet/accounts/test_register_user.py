"""register_user: one phone number, one wallet account, nothing half done."""

import itertools
from typing import Any

import pytest

from config.kernel.errors import InvariantBroken
from tests.factories.accounts import PASSWORD, PIN, available_minor, make_user
from wallet.accounts import rules
from wallet.accounts.models import WalletUser
from wallet.accounts.queries import usage_of
from wallet.accounts.rules import NameInvalid
from wallet.accounts.usecases.register_user import PhoneTaken, register_user
from wallet.accounts.values import UserState
from wallet.ledger import queries as ledger

pytestmark = pytest.mark.django_db


def test_makes_an_active_unverified_user_with_an_empty_account() -> None:
    user = register_user(phone="138 0013 8000", name=" Li Hua ", password=PASSWORD, pin=PIN)
    assert (user.phone, user.name, user.state) == ("+8613800138000", "Li Hua", UserState.ACTIVE)
    assert user.kyc_tier == 0
    assert available_minor(user) == 0


def test_gives_a_public_number_of_16_digits_that_begins_with_2088() -> None:
    number = make_user().user_number
    assert number.startswith("2088")
    assert len(number) == 16
    assert number.isdigit()


def test_opens_the_ledger_account_of_the_chart() -> None:
    user = make_user()
    assert user.available_account_id == ledger.account_id(f"user:{user.id}:available")


def test_starts_the_count_of_outgoing_money_at_zero() -> None:
    assert usage_of(make_user().id).lifetime_minor == 0


def test_keeps_hashes_and_no_secret() -> None:
    user = make_user()
    assert user.password_hash.startswith("$argon2id$")
    assert user.pin_hash.startswith("$argon2id$")
    assert not rules.is_secret(user.pin_hash, PIN), "the PIN is peppered before it is hashed"


def test_refuses_a_number_that_is_taken_in_another_spelling() -> None:
    make_user(phone="13800138000")
    with pytest.raises(PhoneTaken):
        register_user(phone="+86 138-0013-8000", name="Wang", password=PASSWORD, pin=PIN)
    assert WalletUser.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "error"),
    [
        pytest.param({"phone": "12345"}, rules.PhoneInvalid, id="phone"),
        pytest.param({"name": "  "}, NameInvalid, id="blank name"),
        pytest.param({"name": "Li\u202eauH"}, NameInvalid, id="name that runs backwards"),
        pytest.param({"name": "\u200d\u2060"}, NameInvalid, id="name of nothing"),
        pytest.param({"name": "Li\nHua"}, NameInvalid, id="name of two lines"),
        pytest.param({"name": "x" * 65}, NameInvalid, id="long name"),
        pytest.param({"password": "short"}, rules.PasswordWeak, id="password"),
        pytest.param({"pin": "12345"}, rules.PinInvalid, id="short PIN"),
        pytest.param({"pin": "123456"}, rules.PinWeak, id="weak PIN"),
    ],
)
def test_refuses_bad_input_and_writes_nothing(
    change: dict[str, str], error: type[Exception]
) -> None:
    good: dict[str, Any] = {"phone": "13800138000", "name": "Li", "password": PASSWORD, "pin": PIN}
    with pytest.raises(error):
        register_user(**{**good, **change})
    assert not WalletUser.objects.exists()


def test_draws_another_number_when_the_first_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    draws = itertools.cycle(["000000000001", "000000000002"])
    monkeypatch.setattr("config.kernel.ids.random_digits", lambda _: next(draws))
    numbers = [make_user(kyc_tier=0).user_number for _ in range(2)]
    assert numbers == ["2088000000000001", "2088000000000002"]


def test_gives_up_when_every_draw_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.kernel.ids.random_digits", lambda _: "000000000001")
    make_user(kyc_tier=0)
    with pytest.raises(InvariantBroken):
        make_user(kyc_tier=0)
