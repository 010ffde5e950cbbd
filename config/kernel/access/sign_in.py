"""Limits on guessing an operator's password, or the code of the second factor.

A try is counted before the password is looked at, under the row's lock, and forgotten when
the password was right: however many tries run beside each other, only the allowance of them
is judged.
"""

from datetime import datetime

from config.kernel import clock, transactions
from config.kernel.access.models import SignInTries
from config.kernel.access.values import OF_AN_ADDRESS, OF_AN_OPERATOR, Allowance, TryBy
from config.kernel.errors import RateLimited, invariant
from config.kernel.network import address_block

LONGEST_NAME = 150


class TooManySignIns(RateLimited):
    """Too many wrong passwords for this name or from this address."""

    code = "too_many_sign_ins"
    message = "Too many wrong tries; try again later."


def begin_try(*, username: str, address: str, by: TryBy = TryBy.OPERATOR) -> None:
    """Count a try to sign in, before the password or the code is judged.

    Must be called outside a transaction: the count has to survive a refusal.

    Args:
        username: as typed; unknown names are counted like known ones.
        address: network address of the caller.
        by: passwords of a name and codes of a name are counted apart.

    Raises:
        TooManySignIns: five tries by this name or thirty from this address have failed
            within 15 minutes; `retry_after_s`.
        InvariantBroken: no address is given.

    Locks: the rows of the name and of the address.
    """
    invariant(bool(address), "a password is checked only with the caller's address")
    now = clock.now()
    name = username.strip().lower()[:LONGEST_NAME]
    # The address first: a name is not locked by somebody who may try no more.
    for kind, subject, allowance in (
        (TryBy.ADDRESS, address_block(address), OF_AN_ADDRESS),
        (by, name, OF_AN_OPERATOR),
    ):
        locked_until = _count(kind, subject, allowance, now)
        if locked_until is not None:
            left = round((locked_until - now).total_seconds())
            raise TooManySignIns(retry_after_s=max(1, left))


@transactions.atomic_retry
def forget_tries(*, username: str, address: str, by: TryBy = TryBy.OPERATOR) -> None:
    """It was right: this name begins anew, and the address gets its try back."""
    name = username.strip().lower()[:LONGEST_NAME]
    SignInTries.objects.filter(by=by, subject=name).update(tries=0, locked_until=None)
    block = address_block(address)
    row = SignInTries.objects.select_for_update().filter(by=TryBy.ADDRESS, subject=block).first()
    if row is not None:
        row.tries = max(0, row.tries - 1)
        row.locked_until = None
        row.save(update_fields=["tries", "locked_until"])


@transactions.atomic_retry
def _count(by: TryBy, subject: str, allowance: Allowance, now: datetime) -> datetime | None:
    """Count one try; the end of a lock that was there before it, or None."""
    SignInTries.objects.get_or_create(by=by, subject=subject)
    row = SignInTries.objects.select_for_update().get(by=by, subject=subject)
    if row.locked_until is not None and now < row.locked_until:
        return row.locked_until
    recent = row.locked_until is None and now - row.tried_at < allowance.lock
    row.tries = row.tries + 1 if recent else 1
    row.locked_until = now + allowance.lock if row.tries >= allowance.tries else None
    row.tried_at = now
    row.save(update_fields=["tries", "locked_until", "tried_at"])
    return None
