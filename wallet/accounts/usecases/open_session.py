"""Log a customer in."""

import secrets
from datetime import datetime

from django.conf import settings

from config.kernel import clock, transactions
from config.kernel.errors import RateLimited, Unauthenticated
from wallet.accounts import rules
from wallet.accounts.models import LoginThrottle, SessionToken
from wallet.accounts.usecases.confirm_password import (
    add_strike,
    locked_throttle,
    seconds_left,
    user_with_password,
)
from wallet.accounts.values import ADDRESS_STRIKES, ThrottleKind

# A mark that secret scanners know; the token's strength is in the random part.
TOKEN_PREFIX = "saoma_"  # noqa: S105
TOKEN_BYTES = 32


class LoginFailed(Unauthenticated):
    """Phone number and password do not belong together; which one is wrong is not told."""

    code = "login_failed"
    message = "The phone number or the password is wrong."


class TooManyLogins(RateLimited):
    """Too many wrong logins from one network address."""

    code = "too_many_logins"
    message = "Too many wrong logins from this address; try again later."


def open_session(
    *, phone: str, password: str, address: str = "", label: str = ""
) -> tuple[SessionToken, str]:
    """Check phone and password and give a bearer token.

    Unknown phone numbers are treated like wrong passwords, strikes and time included.
    Must be called outside a transaction: a strike has to survive the refusal.

    Args:
        phone: in any spelling.
        password: as typed.
        address: network address of the caller; empty where there is none.
        label: what the caller calls itself, for the list of sessions.

    Returns:
        The session and its token. The token is not stored and cannot be shown again.

    Raises:
        PhoneInvalid: it is no phone number.
        LoginFailed: no such pair.
        LoginLocked: five wrong tries for this phone within 15 minutes; `retry_after_s`.
        TooManyLogins: thirty wrong tries from this address within 15 minutes;
            `retry_after_s`.
    """
    number = rules.normalise_phone(phone)
    now = clock.now()
    if address:
        _check_address(address, now)
    user = user_with_password(phone=number, password=password, at=now)
    if user is None:
        if address:
            _strike_address(address, now)
        raise LoginFailed()
    token = TOKEN_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    session = SessionToken.objects.create(
        user=user,
        token_hash=rules.token_hash(token),
        label=label[:64],
        created_at=now,
        expires_at=now + settings.SESSION_LIFETIME,
    )
    return session, token


def _check_address(address: str, now: datetime) -> None:
    throttle = LoginThrottle.objects.filter(kind=ThrottleKind.ADDRESS, subject=address).first()
    if throttle and throttle.locked_until and rules.is_locked(throttle.locked_until, at=now):
        raise TooManyLogins(retry_after_s=seconds_left(throttle.locked_until, now))


@transactions.atomic_retry
def _strike_address(address: str, now: datetime) -> None:
    add_strike(locked_throttle(ThrottleKind.ADDRESS, address), at=now, policy=ADDRESS_STRIKES)
