"""Check the payment PIN."""

import uuid
from datetime import datetime

from config.kernel import clock, transactions
from config.kernel.errors import Locked, Refused
from wallet.accounts import queries, rules
from wallet.accounts.values import PIN_STRIKES


class PinWrong(Refused):
    """The payment PIN is not the user's."""

    code = "pin_wrong"
    message = "The payment PIN is wrong."


class PinLocked(Locked):
    """Too many wrong PINs in a row."""

    code = "pin_locked"
    message = "Too many wrong payment PINs; try again later or set a new one."


def check_pin(*, user_id: uuid.UUID, pin: str) -> None:
    """Check that `pin` is the user's payment PIN.

    Five wrong ones in a row lock it for 15 minutes; a right one clears the count. Must be
    called before the caller opens its transaction: a strike has to survive the refusal,
    and a rolled-back strike would let a thief try all million PINs.

    Raises:
        PinWrong: it is not; `tries_left` says how many more are allowed.
        PinLocked: it is locked, or this was the fifth wrong try; `retry_after_s`.
        UserUnknown: there is no such user.

    Locks: the user, so that parallel guesses take turns.
    """
    now = clock.now()
    strikes, locked_until = _judged(user_id, pin, now)
    if locked_until is not None:
        raise PinLocked(
            field="pin", retry_after_s=max(1, round((locked_until - now).total_seconds()))
        )
    if strikes:
        raise PinWrong(field="pin", tries_left=PIN_STRIKES.allowed - strikes)


@transactions.atomic_retry
def _judged(user_id: uuid.UUID, pin: str, now: datetime) -> tuple[int, datetime | None]:
    """Count the try; returns the strikes it leaves and the lock it meets or makes."""
    user = queries.locked_user(user_id)
    if rules.is_locked(user.pin_locked_until, at=now):
        return user.pin_strikes, user.pin_locked_until
    peppered = rules.peppered(queries.pin_pepper(), user_id, pin)
    if rules.is_secret(user.pin_hash, peppered):
        user.pin_strikes, user.pin_locked_until = 0, None
    else:
        user.pin_strikes, user.pin_locked_until = rules.struck(
            user.pin_strikes, at=now, policy=PIN_STRIKES
        )
    user.save(update_fields=["pin_strikes", "pin_locked_until"])
    return user.pin_strikes, user.pin_locked_until
