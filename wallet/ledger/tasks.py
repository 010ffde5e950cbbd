"""The ledger's due work: folding, expiring holds, checkpoints, the nightly proof."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Min

from config.kernel import clock, timetable
from wallet.ledger.models import Account, Hold, Proof, UnfoldedAmount
from wallet.ledger.usecases.expire_holds import expire_holds as expire_due_holds
from wallet.ledger.usecases.fold_accounts import fold_accounts
from wallet.ledger.usecases.take_checkpoints import SETTLING, checkpoint_moment
from wallet.ledger.usecases.take_checkpoints import take_checkpoints as take_due_checkpoints
from wallet.ledger.usecases.verify_ledger import prove_ledger
from wallet.ledger.values import HoldState

FOLD_AFTER = timedelta(seconds=5)
PROOF_AT = time(2, 30)
_HOME = ZoneInfo("Asia/Shanghai")


def next_fold() -> datetime | None:
    """FOLD_AFTER after the oldest amount that waits to be folded."""
    oldest = UnfoldedAmount.objects.order_by("id").first()
    return None if oldest is None else oldest.posted_at + FOLD_AFTER


def next_expiry() -> datetime | None:
    """When the next hold in force lapses."""
    held = Hold.objects.filter(state=HoldState.HELD).order_by("expires_at")
    return held.values_list("expires_at", flat=True).first()


def next_checkpoints() -> datetime | None:
    """When the midnight after the oldest checkpoint of a hot account has settled."""
    hot = Account.objects.filter(hot=True).order_by("last_posted_at")
    if hot.filter(last_posted_at__isnull=True).exists():
        return checkpoint_moment(clock.now()) + SETTLING
    oldest = hot.values_list("last_posted_at", flat=True).first()
    if oldest is None:
        return None
    midnight = oldest.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1) + SETTLING


def next_proof() -> datetime | None:
    """The first PROOF_AT (in Shanghai) after the last proof, or after the books were opened."""
    last = Proof.objects.order_by("-proved_at").values_list("proved_at", flat=True).first()
    since = last or Account.objects.aggregate(first=Min("opened_at"))["first"]
    if since is None:
        return None
    local = since.astimezone(_HOME)
    due = datetime.combine(local.date(), PROOF_AT, tzinfo=_HOME)
    return due if due > local else due + timedelta(days=1)


@timetable.job("ledger.fold", next_due=next_fold)
def fold(now: datetime) -> int:
    """Add what was appended to hot accounts to their balances."""
    return fold_accounts()


@timetable.job("ledger.expire_holds", next_due=next_expiry)
def expire_holds(now: datetime) -> int:
    """Let holds lapse whose time is over."""
    return expire_due_holds(now=now)


@timetable.job("ledger.take_checkpoints", next_due=next_checkpoints)
def take_checkpoints(now: datetime) -> int:
    """Keep hot accounts' balances at midnight."""
    return take_due_checkpoints(now=now)


@timetable.job("ledger.prove", next_due=next_proof)
def prove(now: datetime) -> int:
    """Prove the books and keep the result."""
    prove_ledger()
    return 1
