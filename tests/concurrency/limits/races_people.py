"""Races against what guards people's phones and PINs."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from pytest_django.fixtures import Settings

from tests.concurrency.limits.race import Race, against, passed
from tests.factories.accounts import ADDRESS, PASSWORD, PIN, make_user
from wallet.accounts.usecases.check_pin import check_pin
from wallet.accounts.usecases.register_user import admit_registration
from wallet.accounts.usecases.send_phone_code import send_phone_code
from wallet.accounts.usecases.use_phone_code import use_phone_code
from wallet.accounts.values import CodePurpose
from wallet.payments.usecases.transfer_money import transfer_money

PHONE = "+8613900002222"


def refused_as(code: str) -> Any:
    """Count the tries that were judged at all: they were refused for what they are."""

    def total(results: Sequence[Any]) -> int:
        return [getattr(one, "code", "") for one in results].count(code)

    return total


@against("accounts.pin_tries")
def pin_tries(settings: Settings) -> Race:
    user = make_user(kyc_tier=0)
    # The fifth one is judged too, and answered with the lock it makes.
    return Race([partial(check_pin, user_id=user.id, pin="000001")] * 8, refused_as("pin_wrong"), 4)


@against("accounts.phone_code_tries")
def code_tries(settings: Settings) -> Race:
    send_phone_code(phone=PHONE, purpose=CodePurpose.REGISTER, address=ADDRESS)
    guess = partial(use_phone_code, phone=PHONE, purpose=CodePurpose.REGISTER, code="none")
    return Race([guess] * 8, refused_as("phone_code_wrong"), 5)


@against("accounts.phone_codes")
def phone_codes(settings: Settings) -> Race:
    ask = partial(send_phone_code, phone=PHONE, purpose=CodePurpose.REGISTER, address=ADDRESS)
    return Race([ask] * 8, passed(1), 5)


@against("accounts.phone_codes_address")
def phone_codes_address(settings: Settings) -> Race:
    settings.SAOMA_PHONE_CODES_HOURLY = 3
    acts = [
        partial(
            send_phone_code,
            phone=f"+86139000033{n:02d}",
            purpose=CodePurpose.REGISTER,
            address=ADDRESS,
        )
        for n in range(8)
    ]
    return Race(acts, passed(1), 3)


@against("accounts.registrations")
def registrations(settings: Settings) -> Race:
    settings.SAOMA_PHONE_PROOF, settings.SAOMA_REGISTRATIONS_HOURLY = False, 3
    ask = partial(
        admit_registration,
        phone=PHONE,
        name="Li",
        password=PASSWORD,
        pin=PIN,
        code=None,
        address=ADDRESS,
    )
    return Race([ask] * 8, passed(1), 3)


@against("accounts.phone_look_ups")
def phone_look_ups(settings: Settings) -> Race:
    user = make_user(kyc_tier=0)
    acts = [
        partial(
            transfer_money,
            key=f"T{n}",
            payer_id=user.id,
            payee_phone=f"+86139000044{n:02d}",
            amount_minor=1,
            pin=PIN,
        )
        for n in range(24)
    ]
    return Race(acts, refused_as("payee_not_found"), 20)
