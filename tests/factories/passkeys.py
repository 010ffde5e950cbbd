"""Passkeys for tests: made by the lab's authenticator, registered by the real use cases."""

from typing import Any

from django.conf import settings

from config.kernel.ids import uuid7
from lab.services.passkey.authenticator import Authenticator
from tests.factories.accounts import PIN
from tests.factories.payments import Shop, order
from wallet.accounts.models import WalletUser
from wallet.passkeys.models import Passkey, PasskeyChallenge
from wallet.passkeys.rules import relying_party
from wallet.passkeys.usecases.offer_challenge import offer_challenge
from wallet.passkeys.usecases.offer_passkey import offer_passkey
from wallet.passkeys.usecases.register_passkey import register_passkey
from wallet.payments.usecases.create_payment import create_payment
from wallet.payments.values import ConfirmationKind, PaymentView


def make_authenticator(**changes: Any) -> Authenticator:
    """A device that stands before our own pages."""
    party = relying_party(settings.PUBLIC_URL)
    return Authenticator(**{"origin": party.origin, "host": party.host, **changes})


def make_passkey(user: WalletUser) -> tuple[Authenticator, Passkey]:
    """A device whose passkey its owner has registered."""
    device = make_authenticator()
    _, options = offer_passkey(user_id=user.id)
    passkey, _ = register_passkey(user_id=user.id, pin=PIN, response=device.make(options))
    return device, passkey


def waiting_payment(user: WalletUser, amount_minor: int = 1200_00) -> PaymentView:
    """A payment that waits for this payer and needs the PIN."""
    request = order(Shop(), amount_minor=amount_minor)
    return create_payment(request=request, payer_id=user.id).payment


def challenge_for(user: WalletUser, payment: PaymentView) -> PasskeyChallenge:
    """A payment's challenge under a new key."""
    kind = ConfirmationKind.PAYMENT
    return offer_challenge(user_id=user.id, key=str(uuid7()), kind=kind, subject_id=payment.id)[0]
