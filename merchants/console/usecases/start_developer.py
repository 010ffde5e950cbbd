"""Give a newcomer all that a first payment needs, in one call."""

from dataclasses import dataclass

from django.conf import settings

from config.kernel import ids
from config.kernel.errors import NotPermitted
from merchants.onboarding.rules import pkcs8_of
from merchants.onboarding.usecases.onboard_sandbox import onboard_sandbox_merchant
from wallet import public as wallet

MCC = "5812"
CITY = "HANGZHOU"
SHORT_NAME = "DEV"


class SandboxOnly(NotPermitted):
    """Merchants are approved by operators; only the sandbox makes them at once."""

    code = "sandbox_only"
    message = "Only the sandbox takes merchants without a review."


@dataclass(frozen=True, slots=True)
class Start:
    """A new developer's shop: its app, and the private key that is kept nowhere else."""

    app_number: str
    merchant_number: str
    private_pkcs1_pem: str
    private_pkcs8_pem: str


def start_developer(*, shop_name: str, phone: str, password: str, pin: str) -> Start:
    """Register a wallet user who owns an approved merchant with a store, a till and an app.

    Args:
        shop_name: what payers will see.
        phone: of the owner, in any spelling; their login.
        password: for console and wallet.
        pin: six digits, the owner's payment PIN.

    Raises:
        SandboxOnly: this is no sandbox.
        wallet.PhoneTaken, wallet.PhoneInvalid and the other refusals of `register_user`.
        onboarding's refusals of the shop's name.
    """
    if not settings.LAB_MODE:
        raise SandboxOnly()
    owner = wallet.register_user(phone=phone, name=shop_name, password=password, pin=pin)
    merchant, app, private_key = onboard_sandbox_merchant(
        name=shop_name,
        short_name=f"{SHORT_NAME} {ids.random_digits(6)}",
        mcc=MCC,
        city=CITY,
        owner_id=owner.id,
    )
    return Start(app.app_number, merchant.merchant_number, private_key, pkcs8_of(private_key))
