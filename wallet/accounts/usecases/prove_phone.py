"""A customer proves that the phone number of their account is theirs."""

import uuid

from config.kernel import clock, transactions
from wallet.accounts import queries
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.use_phone_code import use_phone_code
from wallet.accounts.values import CodePurpose


def prove_phone(*, user_id: uuid.UUID, code: str) -> WalletUser:
    """Mark the phone as proven; proving it again with another code changes nothing.

    Raises:
        PhoneCodeWrong, TooManyCodeTries: see `use_phone_code`.
        UserUnknown: there is no such user.

    Locks: the number's code; then the user.
    """
    phone = queries.user(user_id).phone
    use_phone_code(phone=phone, purpose=CodePurpose.PROVE, code=code)
    return _prove(user_id)


@transactions.atomic_retry
def _prove(user_id: uuid.UUID) -> WalletUser:
    user = queries.locked_user(user_id)
    if user.phone_proven_at is None:
        user.phone_proven_at = clock.now()
        user.save(update_fields=["phone_proven_at"])
    return user
