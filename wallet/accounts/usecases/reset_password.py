"""Set a new login password with a code sent to the phone, when the old one is forgotten."""

from django.conf import settings

from config.kernel import clock, transactions
from config.kernel.audit import chain as audit
from config.kernel.limits.counting import count
from config.kernel.network import address_block
from config.kernel.outbox import writes as outbox
from wallet.accounts import phones, rules
from wallet.accounts.models import LoginThrottle, WalletUser
from wallet.accounts.usecases.close_session import close_all_sessions
from wallet.accounts.usecases.use_phone_code import use_phone_code
from wallet.accounts.values import CodePurpose, ThrottleKind, UserState


def reset_password(*, phone: str, code: str, password: str, address: str) -> None:
    """Replace the login password of whoever has the phone, and end all their sessions.

    The payment PIN stays as it is: a phone alone moves no money. A lock of the number by
    wrong passwords is lifted. Call it outside a transaction: wrong codes are counted.

    Args:
        phone: in any spelling.
        code: six digits sent for a reset.
        password: the one to come.
        address: network address of the caller.

    Raises:
        PhoneInvalid, PasswordWeak: an input is wrong.
        TooManyCodes: too much was asked from this address, see `send_phone_code`.
        PhoneCodeWrong, TooManyCodeTries: see `use_phone_code`; the same for a number that
            has no account.

    Locks: the address's count; the number's code; then the user's row and the audit chain.
    """
    number = rules.normalise_phone(phone)
    rules.check_password(password, phone=number)
    count(phones.CODES_BY_ADDRESS, subject=address_block(address))
    use_phone_code(phone=number, purpose=CodePurpose.RESET, code=code)
    _set(number, rules.hash_secret(password, cost=settings.SAOMA_ARGON2_COST))


@transactions.atomic_retry
def _set(number: str, password_hash: str) -> None:
    owners = WalletUser.objects.select_for_update().exclude(state=UserState.CLOSED)
    user = owners.filter(phone=number).first()
    if user is None:
        raise phones.PhoneCodeWrong(field="code")
    user.password_hash = password_hash
    user.phone_proven_at = user.phone_proven_at or clock.now()
    user.save(update_fields=["password_hash", "phone_proven_at"])
    LoginThrottle.objects.filter(kind=ThrottleKind.PHONE, subject=number).delete()
    close_all_sessions(user_id=user.id, but=None)
    audit.record(
        action="accounts.reset_password",
        actor=f"user:{user.user_number}",
        target=f"user:{user.user_number}",
        purpose="a code sent to the phone",
        before={},
        after={},
    )
    outbox.add(
        topic="user.password_reset", aggregate_id=user.id, payload={"user_number": user.user_number}
    )
