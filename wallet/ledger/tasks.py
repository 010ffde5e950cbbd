"""Jobs of the ledger: roll-up, expiry of holds, nightly checkpoints and proof."""

from datetime import datetime, time, timedelta

from config.kernel import timetable
from config.kernel.due_times import Earliest
from wallet.ledger.models import Account, Hold, PendingDelta, Proof
from wallet.ledger.usecases.expire_holds import expire_holds as expire_due_holds
from wallet.ledger.usecases.roll_up_accounts import roll_up_accounts
from wallet.ledger.usecases.take_checkpoints import HOME, take_checkpoints
from wallet.ledger.usecases.verify_ledger import prove_ledger
from wallet.ledger.values import HoldState, account_id

ROLL_UP_AFTER = timedelta(seconds=5)
NIGHTLY_AT = time(2, 30)


def next_roll_up() -> datetime | None:
    """ROLL_UP_AFTER after the oldest pending delta."""
    oldest = PendingDelta.objects.order_by("id").first()
    return None if oldest is None else oldest.posted_at + ROLL_UP_AFTER


# When the next hold in force lapses.
next_expiry = Earliest(lambda: Hold.objects.filter(state=HoldState.HELD), "expires_at")


def next_night() -> datetime | None:
    """The first NIGHTLY_AT (in Shanghai) after the last proof, or after the books were opened."""
    proofs = Proof.objects.order_by("-proved_at").values_list("proved_at", flat=True)
    first = Account.objects.filter(id=account_id("asset:custodian_bank"))
    since = proofs.first() or first.values_list("opened_at", flat=True).first()
    if since is None:
        return None
    local = since.astimezone(HOME)
    due = datetime.combine(local.date(), NIGHTLY_AT, tzinfo=HOME)
    return due if due > local else due + timedelta(days=1)


@timetable.job("ledger.roll_up", tells="nothing changes for merchants", next_due=next_roll_up)
def roll_up(now: datetime) -> int:
    """Add what was appended to hot accounts to their balances."""
    return roll_up_accounts()


@timetable.job(
    "ledger.expire_holds", tells="authorisations tell of their own money", next_due=next_expiry
)
def expire_holds(now: datetime) -> int:
    """Let holds lapse whose time is over."""
    return expire_due_holds(now=now)


@timetable.job(
    "ledger.close_day",
    tells="nothing changes for merchants",
    next_due=next_night,
    limit_s=timetable.NIGHT_LIMIT_S,
)
def close_day(now: datetime) -> int:
    """Keep hot accounts' balances at midnight, prove the books, keep the result."""
    checkpoints = take_checkpoints(now=now)
    prove_ledger()
    return checkpoints + 1
