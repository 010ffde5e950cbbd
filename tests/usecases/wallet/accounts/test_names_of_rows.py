"""How rows call themselves in the panel and in logs: no secret, no phone number."""

import pytest

from tests.factories.accounts import ADDRESS, make_topup, make_user, token_of
from wallet.accounts import models
from wallet.accounts.usecases.open_session import LoginFailed, open_session
from wallet.accounts.usecases.register_device import register_device
from wallet.accounts.usecases.send_instructions import send_instructions

pytestmark = pytest.mark.django_db


def test_no_row_names_a_phone_number_or_a_hash() -> None:
    user = make_user(phone="13800138000")
    token_of(user)
    register_device(user_id=user.id, label="my phone")
    send_instructions(now=make_topup(user, 100).expires_at)
    with pytest.raises(LoginFailed):
        open_session(phone=user.phone, password="wrong guess", address=ADDRESS)
    kinds = (
        models.WalletUser,
        models.LimitUsage,
        models.Person,
        models.SessionToken,
        models.LoginThrottle,
        models.Device,
        models.KycApplication,
        models.Topup,
        models.BankInstruction,
        models.BankAnswer,
    )
    names = [str(kind._default_manager.latest("pk")) for kind in kinds]
    assert all(names)
    assert not any("3800138" in name or "argon2" in name for name in names)
