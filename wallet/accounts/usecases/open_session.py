"""Log a customer in."""

import secrets

from django.conf import settings

from config.kernel import clock
from config.kernel.errors import Unauthenticated
from wallet.accounts import rules
from wallet.accounts.models import SessionToken
from wallet.accounts.usecases.confirm_password import user_with_password

# A mark that secret scanners know; the token's strength is in the random part.
TOKEN_PREFIX = "saoma_"  # noqa: S105
TOKEN_BYTES = 32


class LoginFailed(Unauthenticated):
    """Phone number and password do not belong together; which one is wrong is not told."""

    code = "login_failed"
    message = "The phone number or the password is wrong."


def open_session(
    *, phone: str, password: str, address: str, label: str = ""
) -> tuple[SessionToken, str]:
    """Check phone and password and give a bearer token.

    Unknown phone numbers are treated like wrong passwords, strikes and time included.
    Must be called outside a transaction: a strike has to survive the refusal.

    Args:
        phone: in any spelling.
        password: as typed.
        address: network address of the caller.
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
    user = user_with_password(phone=number, password=password, address=address, at=now)
    if user is None:
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
