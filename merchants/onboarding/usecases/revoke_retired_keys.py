"""Revoke the keys whose overlap is over."""

from datetime import datetime

from config.kernel import transactions
from config.kernel.claims import claim
from merchants.onboarding.models import AppKey
from merchants.onboarding.usecases.key_steps import end_key, record_key
from merchants.onboarding.values import KeyState

BATCH = 100


@transactions.atomic_retry
def revoke_retired_keys(*, now: datetime) -> int:
    """Revoke RETIRING keys whose overlap is over; returns how many. Safe to repeat.

    Locks: up to a hundred such keys, skipping those another worker holds.
    """
    rows = AppKey.objects.filter(state=KeyState.RETIRING, retires_at__lte=now).select_related("app")
    due = claim(rows.order_by("retires_at", "id"), BATCH)
    for key in due:
        end_key(key)
        record_key("app_key.retired", key, app_number=key.app.app_number, actor="system:timetable")
    return len(due)
