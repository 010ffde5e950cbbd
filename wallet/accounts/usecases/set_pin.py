"""Set the payment PIN."""

import uuid

from django.conf import settings

from wallet.accounts import queries, rules
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.confirm_password import confirm_password


def set_pin(*, user_id: uuid.UUID, password: str, address: str, pin: str) -> None:
    """Replace the payment PIN and clear its strikes; the login password is the proof.

    Must be called outside a transaction (see `confirm_password`).

    Raises:
        PinInvalid, PinWeak: the new PIN is refused.
        PasswordWrong, LoginLocked, TooManyLogins: see `confirm_password`.
        UserUnknown: there is no such user.
    """
    queries.user(user_id)
    rules.check_pin_shape(pin)
    confirm_password(user_id=user_id, password=password, address=address)
    peppered = rules.peppered(queries.pin_pepper(), user_id, pin)
    pin_hash = rules.hash_secret(peppered, cost=settings.SAOMA_ARGON2_COST)
    WalletUser.objects.filter(id=user_id).update(
        pin_hash=pin_hash, pin_strikes=0, pin_locked_until=None
    )
