"""Count what has no row of its own to count in: tries, look-ups, messages, registrations."""

import hashlib
import hmac
from datetime import datetime, timedelta

from config.kernel import clock, keys, transactions
from config.kernel.errors import invariant, required
from config.kernel.limits.ceilings import ceiling
from config.kernel.limits.models import LimitCount
from config.kernel.limits.rules import judge
from config.kernel.limits.values import Limit, Period

BATCH = 1_000


@transactions.atomic_retry
def count(limit: Limit, *, subject: str, amount: int = 1) -> int:
    """Count against a WINDOW limit; gives the sum after it.

    Called outside a transaction it stays counted whatever comes of the try; inside one it
    goes with it.

    Args:
        limit: a declared limit of period WINDOW.
        subject: whose sum; kept only as a keyed digest.
        amount: how much is used, at least 1.

    Raises:
        what `limit.refuse` makes, with `retry_after_s`: the window is used up; nothing is
            counted.

    Locks: the subject's count.
    """
    invariant(limit.period is Period.WINDOW, "what is counted here has a window")
    window = required(limit.window, "a window has a span")
    now = clock.now()
    row = _locked(limit, subject, now)
    if now >= row.since + window:
        row.since, row.used = now, 0
    judge(
        limit,
        used=row.used,
        amount=amount,
        ceiling=ceiling(limit),
        retry_after_s=max(1, round((row.since + window - now).total_seconds())),
    )
    row.used += amount
    row.save(update_fields=["since", "used"])
    return row.used


def check(limit: Limit, *, subject: str) -> None:
    """Refuse early whom `count` would refuse, and count nothing: a look, not a promise.

    Raises:
        what `limit.refuse` makes, with `retry_after_s`.
    """
    window = required(limit.window, "a window has a span")
    now = clock.now()
    row = LimitCount.objects.filter(name=limit.name, subject=_digest(limit, subject)).first()
    if row is None or now >= row.since + window:
        return
    seconds = max(1, round((row.since + window - now).total_seconds()))
    judge(limit, used=row.used, amount=1, ceiling=ceiling(limit), retry_after_s=seconds)


@transactions.atomic_retry
def forget(limit: Limit, *, subject: str) -> None:
    """Let a subject begin anew, after it has proved itself."""
    LimitCount.objects.filter(name=limit.name, subject=_digest(limit, subject)).delete()


def drop_old(now: datetime, *, longest: timedelta) -> int:
    """Delete a batch of counts whose window is over for certain; returns how many."""
    old = LimitCount.objects.filter(since__lte=now - longest).order_by("since")
    ids = list(old.values_list("id", flat=True)[:BATCH])
    return LimitCount.objects.filter(id__in=ids).delete()[0]


def _locked(limit: Limit, subject: str, now: datetime) -> LimitCount:
    mine = {"name": limit.name, "subject": _digest(limit, subject)}
    LimitCount.objects.get_or_create(**mine, defaults={"since": now})
    row = LimitCount.objects.select_for_update().filter(**mine).first()
    if row is None:
        # It was forgotten in this very moment.
        return LimitCount.objects.create(**mine, since=now)
    return row


def _digest(limit: Limit, subject: str) -> str:
    key = keys.derive("limits/subject", 32)
    return hmac.new(key, f"{limit.name}\n{subject}".encode(), hashlib.sha256).hexdigest()
