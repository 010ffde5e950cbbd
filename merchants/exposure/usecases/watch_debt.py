"""Watch debts as they age, and call the operators when one passes into an older bucket."""

import uuid
from datetime import datetime, timedelta

from config.kernel import clock, transactions
from config.kernel.alarms.raise_alarm import raise_alarm
from merchants.exposure import queries, rules
from merchants.exposure.models import WatchedDebt
from merchants.onboarding.models import Merchant
from merchants.onboarding.queries import merchant_for_money

ALARM = "merchant_debt_aged"
# Whoever may ask for it, or decide on it, reads the alarm.
READERS_OF = "settlement.write_off"


def watch_debt(merchant: Merchant) -> None:
    """Begin to watch a merchant that has come to owe us; again changes nothing.

    Locks: none; the caller holds the merchant.
    """
    transactions.require()
    now = clock.now()
    due_at = rules.next_bucket(since=now, now=now)
    WatchedDebt.objects.get_or_create(merchant=merchant, defaults={"due_at": due_at})


def watch_due(*, now: datetime) -> int:
    """Look at the debts that have become older by `now`; returns how many alarms were raised."""
    due = WatchedDebt.objects.filter(due_at__lte=now).order_by("due_at")
    return sum(_look(merchant_id) for merchant_id in due.values_list("merchant_id", flat=True))


@transactions.atomic_retry
def _look(merchant_id: uuid.UUID) -> bool:
    merchant, now = merchant_for_money(merchant_id), clock.now()
    row = WatchedDebt.objects.filter(merchant=merchant, due_at__lte=now).first()
    if row is None:
        return False
    since = queries.owed_since(merchant)
    if since is None:
        row.delete()
        return False
    row.due_at = rules.next_bucket(since=since, now=now)
    row.save(update_fields=["due_at"])
    if now - since < timedelta(days=rules.BUCKETS[0][0] + 1):
        return False
    raise_alarm(
        kind=ALARM,
        facts={
            "action": READERS_OF,
            "merchant": merchant.merchant_number,
            "owed_minor": queries.funds_of(merchant).owed_minor,
            "currency": merchant.currency,
            "age_days": rules.bucket(since=since, now=now),
        },
        actor="system:exposure",
    )
    return True
