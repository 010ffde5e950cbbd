"""Carry out the splits whose time has come."""

import uuid
from datetime import datetime

from config.kernel import clock, transactions
from config.kernel.errors import SaomaError
from merchants.onboarding.values import MerchantState
from merchants.splits import queries
from merchants.splits.models import Split
from merchants.splits.usecases.move_shares import move_shares, write_end_event
from merchants.splits.values import SplitState
from wallet import public as wallet


def split_due(*, now: datetime) -> int:
    """Carry out what is due by `now`; returns how many splits reached an end.

    A split that cannot be paid ends FAILED with the reason, and nothing of it has moved.
    """
    count = 0
    for split_id in queries.due_ids(now):
        try:
            count += _carry_out(split_id)
        except SaomaError as error:
            count += _fail(split_id, error.code)
    return count


@transactions.atomic_retry
def _carry_out(split_id: uuid.UUID) -> bool:
    split = _waiting(split_id)
    if split is None:
        return False
    if wallet.payment(split.payment_id).status is wallet.PaymentStatus.CLOSED:
        _end(split, "payment_closed")
        return True
    if split.merchant.state != MerchantState.APPROVED:
        _end(split, "merchant_not_active")
        return True
    move_shares(split)
    return True


@transactions.atomic_retry
def _fail(split_id: uuid.UUID, reason: str) -> bool:
    split = _waiting(split_id)
    if split is None:
        return False
    _end(split, reason)
    return True


def _waiting(split_id: uuid.UUID) -> Split | None:
    """The split if it still waits, its payment locked first as everywhere."""
    wallet.locked_payment(Split.objects.values_list("payment_id", flat=True).get(id=split_id))
    rows = Split.objects.select_related("merchant").filter(id=split_id)
    return rows.filter(state=SplitState.PENDING).first()


def _end(split: Split, reason: str) -> None:
    split.state, split.reason, split.ended_at = SplitState.FAILED, reason[:32], clock.now()
    split.save(update_fields=["state", "reason", "ended_at"])
    write_end_event(split)
