"""Take checkpoints of hot accounts, so that a balance at a date sums one day at most."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from config.kernel import transactions
from wallet.ledger import queries
from wallet.ledger.models import Account, Checkpoint, Entry
from wallet.ledger.usecases.change_state import locked_account
from wallet.ledger.values import Side

# Nothing that was on its way when the moment passed is still on its way so much later.
SETTLING = timedelta(minutes=15)
HOME = ZoneInfo("Asia/Shanghai")


def checkpoint_moment(now: datetime) -> datetime:
    """The latest midnight (in Shanghai) that is at least SETTLING ago."""
    local = (now - SETTLING).astimezone(HOME)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def take_checkpoints(*, now: datetime) -> int:
    """Write each hot account's balance just before the last midnight, where it has moved.

    Once a checkpoint stands, a journal that still arrives for the time before it enters
    the account at the checkpoint's moment, so the checkpoint stays true.

    Returns:
        How many were taken.
    """
    moment = checkpoint_moment(now)
    rows = Account.objects.filter(hot=True).filter(
        Q(last_posted_at__isnull=True) | Q(last_posted_at__lt=moment)
    )
    due = list(rows.order_by("id").values_list("id", flat=True))
    return sum(_take(account_id, moment) for account_id in due)


@transactions.atomic_retry
def _take(account_id: uuid.UUID, moment: datetime) -> bool:
    row = locked_account(account_id)
    if row.last_posted_at is not None and row.last_posted_at >= moment:
        return False
    entries = Entry.objects.filter(account_id=account_id, posted_at__lt=moment)
    before = Checkpoint.objects.filter(account_id=account_id).order_by("-taken_for").first()
    if before is not None:
        entries = entries.filter(posted_at__gte=before.taken_for)
    Account.objects.filter(id=account_id).update(last_posted_at=moment)
    if not entries.exists():
        return False
    since_minor = queries.change_minor(entries, Side(row.normal_side))
    Checkpoint.objects.create(
        account_id=account_id,
        taken_for=moment,
        balance_minor=since_minor + (before.balance_minor if before else 0),
    )
    return True
