"""Change the login password."""

import uuid

from django.conf import settings

from wallet.accounts import queries, rules
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.close_session import close_all_sessions
from wallet.accounts.usecases.confirm_password import confirm_password


def change_password(
    *,
    user_id: uuid.UUID,
    password: str,
    address: str,
    new_password: str,
    session_id: uuid.UUID | None = None,
) -> None:
    """Replace the login password and end every other session.

    Must be called outside a transaction (see `confirm_password`).

    Args:
        user_id: whose password.
        password: the present one.
        address: network address of the caller.
        new_password: the one to come.
        session_id: the session that asks and stays open.

    Raises:
        PasswordWeak: the new password is refused.
        PasswordWrong, LoginLocked, TooManyLogins: see `confirm_password`.
        UserUnknown: there is no such user.
    """
    user = queries.user(user_id)
    rules.check_password(new_password, phone=user.phone)
    confirm_password(user_id=user_id, password=password, address=address)
    new_hash = rules.hash_secret(new_password, cost=settings.SAOMA_ARGON2_COST)
    WalletUser.objects.filter(id=user_id).update(password_hash=new_hash)
    close_all_sessions(user_id=user_id, but=session_id)
