"""Check a login password, counting wrong tries by phone number and by network address.

Every way to a password leads through `user_with_password`, which needs the caller's address.
"""

import uuid
from datetime import datetime
from functools import lru_cache

from django.conf import settings

from config.kernel import clock, transactions
from config.kernel.errors import Locked, RateLimited, Refused, invariant
from config.kernel.network import address_block
from wallet.accounts import queries, rules
from wallet.accounts.models import LoginThrottle, WalletUser
from wallet.accounts.values import ADDRESS_STRIKES, PHONE_STRIKES, Strikes, ThrottleKind, UserState


class PasswordWrong(Refused):
    """The password given beside a session is not the user's."""

    code = "password_wrong"
    message = "The password is wrong."


class LoginLocked(Locked):
    """Too many wrong passwords for this phone number."""

    code = "login_locked"
    message = "Too many wrong tries for this phone number; try again later."


class TooManyLogins(RateLimited):
    """Too many wrong passwords from one network address."""

    code = "too_many_logins"
    message = "Too many wrong logins from this address; try again later."


def confirm_password(*, user_id: uuid.UUID, password: str, address: str) -> None:
    """Check that a logged-in user knows their password.

    Must be called outside a transaction: a strike has to survive the refusal.

    Raises:
        PasswordWrong: they do not.
        LoginLocked: five wrong tries within 15 minutes, at login or here; `retry_after_s`.
        TooManyLogins: see `user_with_password`.
        UserUnknown: there is no such user.
    """
    phone = queries.user(user_id).phone
    user = user_with_password(phone=phone, password=password, address=address, at=clock.now())
    if user is None:
        raise PasswordWrong(field="password")


def user_with_password(
    *, phone: str, password: str, address: str, at: datetime
) -> WalletUser | None:
    """The user with this phone and password; None, and one more strike, if there is none.

    Args:
        phone: normalised.
        password: as typed.
        address: network address of the caller.
        at: the moment of the try; timezone-aware.

    Raises:
        LoginLocked: the number is locked, or this try locked it; `retry_after_s`.
        TooManyLogins: thirty wrong tries from this address within 15 minutes;
            `retry_after_s`.
        InvariantBroken: no address is given: a limit would be left out.

    Locks: the phone's throttle row, so that parallel guesses take turns; after a wrong
    try the address's.
    """
    invariant(bool(address), "a password is checked only with the caller's address")
    block = address_block(address)
    _check_address(block, at)
    user, locked_until = _judged(phone, password, at)
    if user is None:
        _strike_address(block, at)
    if locked_until is not None:
        raise LoginLocked(retry_after_s=seconds_left(locked_until, at))
    return user


def _check_address(block: str, at: datetime) -> None:
    throttle = LoginThrottle.objects.filter(kind=ThrottleKind.ADDRESS, subject=block).first()
    if throttle and throttle.locked_until and rules.is_locked(throttle.locked_until, at=at):
        raise TooManyLogins(retry_after_s=seconds_left(throttle.locked_until, at))


@transactions.atomic_retry
def _strike_address(block: str, at: datetime) -> None:
    add_strike(locked_throttle(ThrottleKind.ADDRESS, block), at=at, policy=ADDRESS_STRIKES)


def locked_throttle(kind: ThrottleKind, subject: str) -> LoginThrottle:
    """The throttle row of a phone or address, made if need be, locked until commit."""
    LoginThrottle.objects.get_or_create(kind=kind, subject=subject)
    return LoginThrottle.objects.select_for_update().get(kind=kind, subject=subject)


def add_strike(throttle: LoginThrottle, *, at: datetime, policy: Strikes) -> None:
    """Count a wrong try; tries older than the lock's length are forgotten."""
    earlier = throttle.strikes if at - throttle.struck_at < policy.lock else 0
    throttle.strikes, throttle.locked_until = rules.struck(earlier, at=at, policy=policy)
    throttle.struck_at = at
    throttle.save(update_fields=["strikes", "locked_until", "struck_at"])


def seconds_left(until: datetime, at: datetime) -> int:
    """Whole seconds from `at` to the end of a lock, at least 1."""
    return max(1, round((until - at).total_seconds()))


@transactions.atomic_retry
def _judged(phone: str, password: str, at: datetime) -> tuple[WalletUser | None, datetime | None]:
    """The user if the password is theirs, and the lock this try met or made."""
    throttle = locked_throttle(ThrottleKind.PHONE, phone)
    if rules.is_locked(throttle.locked_until, at=at):
        return None, throttle.locked_until
    user = WalletUser.objects.filter(phone=phone).exclude(state=UserState.CLOSED).first()
    # Unknown numbers are hashed and struck like known ones, or the answer would tell.
    right = rules.is_secret(user.password_hash if user else _decoy_hash(), password)
    if user is not None and right:
        LoginThrottle.objects.filter(pk=throttle.pk).update(strikes=0, locked_until=None)
        return user, None
    add_strike(throttle, at=at, policy=PHONE_STRIKES)
    return None, throttle.locked_until


@lru_cache(maxsize=1)
def _decoy_hash() -> str:
    return rules.hash_secret("nobody has this", cost=settings.SAOMA_ARGON2_COST)
