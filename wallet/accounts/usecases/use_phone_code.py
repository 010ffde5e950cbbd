"""Prove a phone with the code that was sent to it."""

import hmac

from config.kernel import clock, transactions
from config.kernel.limits.ceilings import ceiling
from config.kernel.limits.rules import judge
from wallet.accounts import phones, queries
from wallet.accounts.models import PhoneCode
from wallet.accounts.values import CodePurpose


def use_phone_code(*, phone: str, purpose: CodePurpose, code: str) -> None:
    """Check and spend a code. Call it outside a transaction: a wrong try must be counted.

    Args:
        phone: normalised.
        purpose: what it was sent for.
        code: as typed.

    Raises:
        PhoneCodeWrong: it is not the one that was sent last, or too old, or spent.
        TooManyCodeTries: five wrong tries; another code has to be sent.

    Locks: the number's code, so that parallel guesses take turns.
    """
    if not _is_right(phone, purpose, code):
        raise phones.PhoneCodeWrong(field="code")


@transactions.atomic_retry
def _is_right(phone: str, purpose: CodePurpose, code: str) -> bool:
    row = PhoneCode.objects.select_for_update().filter(phone=phone, purpose=purpose).first()
    now = clock.now()
    if row is None or row.used_at is not None or now >= row.expires_at:
        return False
    judge(phones.CODE_TRIES, used=row.tries, amount=1, ceiling=ceiling(phones.CODE_TRIES))
    digest = phones.phone_code_digest(queries.phone_code_key(), phone, code)
    right = hmac.compare_digest(row.digest, digest)
    row.tries += 1
    row.used_at = now if right else None
    row.save(update_fields=["tries", "used_at"])
    return right
