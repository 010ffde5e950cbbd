"""Remind people, once, of what waits for them."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from config.kernel import transactions
from config.kernel.claims import claim, in_batches
from wallet.accounts.models import Reminder
from wallet.accounts.usecases.send_notice import send_notice

BATCH = 100
# What is to be told to whom, by wallet user; or when to look again.
Finding = Mapping[uuid.UUID, str] | datetime
Look = Callable[[uuid.UUID, datetime], Finding]
_LOOKS: Final[dict[str, Look]] = {}


def reminds_of(kind: str) -> Callable[[Look], Look]:
    """Register who knows what is left of something when its reminder falls due.

    It is asked with the thing's id and the moment, inside the transaction that sends: the
    words for each who is to be told (nobody where nothing waits any more), or a later moment.
    """

    def register(look: Look) -> Look:
        _LOOKS[kind] = look
        return look

    return register


def plan_reminder(kind: str, subject_id: uuid.UUID, *, due_at: datetime) -> None:
    """Let those whom it concerns be reminded of a thing, once; again changes nothing.

    Part of the transaction that makes the thing wait for them.
    """
    Reminder.objects.get_or_create(kind=kind, subject_id=subject_id, defaults={"due_at": due_at})


def send_reminders(*, now: datetime) -> int:
    """Send what is due; returns how many things were looked at.

    Safe beside other workers and safe twice: each batch claims its rows.
    """
    return in_batches(_send_batch, now)


@transactions.atomic_retry
def _send_batch(now: datetime) -> int:
    """Send some.

    Locks: the reminders.
    """
    batch = claim(Reminder.objects.filter(due_at__lte=now).order_by("due_at"), BATCH)
    for row in batch:
        finding = _LOOKS[row.kind](row.subject_id, now)
        if isinstance(finding, datetime):
            row.due_at = finding
        else:
            for user_id, text in finding.items():
                send_notice(user_id=user_id, text=text)
            row.due_at, row.sent_at = None, now if finding else None
        row.save(update_fields=["due_at", "sent_at"])
    return len(batch)
