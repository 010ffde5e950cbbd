"""What happens to passes by itself: revocation after a new colour, the end of old keys."""

import uuid
from datetime import datetime, timedelta

from django.db.models import Min

from config.kernel import timetable, transactions
from config.kernel.outbox.consumers import subscribe
from config.kernel.outbox.models import OutboxEvent
from healthcode.decisions.usecases.decide import CHANGED
from healthcode.passes.models import Pass, SigningKey
from healthcode.passes.usecases.revoke_passes import revoke_outdated_passes
from healthcode.passes.usecases.rotate_signing_key import OVERLAP, destroy_retired_keys
from healthcode.passes.values import KeyState

# The record of a pass is kept a day after it ended, for questions at the gate.
KEPT = timedelta(days=1)
BATCH = 1000


@subscribe(CHANGED, name="health.revoke_outdated_passes")
def revoke(event: OutboxEvent) -> None:
    """Passes that state another colour are no longer good."""
    revoke_outdated_passes(subject_id=uuid.UUID(str(event.payload["subject_id"])))


def _next_purge() -> datetime | None:
    first: datetime | None = Pass.objects.aggregate(due=Min("expires_at"))["due"]
    return first + KEPT if first else None


@timetable.job("health.purge_passes", next_due=_next_purge)
def purge_passes(now: datetime) -> int:
    """Forget passes that ended a day ago."""
    return _purge(now)


@transactions.atomic_retry
def _purge(now: datetime) -> int:
    old = Pass.objects.filter(expires_at__lte=now - KEPT).values_list("id", flat=True)[:BATCH]
    return Pass.objects.filter(id__in=list(old)).delete()[0]


def _next_destruction() -> datetime | None:
    retired = SigningKey.objects.filter(state=KeyState.VERIFY_ONLY)
    first: datetime | None = retired.aggregate(due=Min("retired_at"))["due"]
    return first + OVERLAP if first else None


@timetable.job("health.destroy_retired_keys", next_due=_next_destruction)
def destroy_keys(now: datetime) -> int:
    """Destroy the private halves of keys that nothing can have been signed with any more."""
    return destroy_retired_keys(now=now)
