"""Put a payer, payee or device on a list, and take it off."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from config.kernel import clock, transactions
from config.kernel.approvals import targets
from config.kernel.audit.chain import record
from config.kernel.errors import Conflict, NotFound
from wallet.risk.models import ListEntry
from wallet.risk.queries import current
from wallet.risk.queries.current import forget
from wallet.risk.usecases.resolve_case import ReasonMissing
from wallet.risk.values import ListedKind, ListKind

# Every process keeps all that stand in memory.
LISTED_MAXIMUM = 50_000


class ListedAlready(Conflict):
    """It stands on a list; one thing is on one list at a time."""

    code = "listed_already"
    message = "This is on a list already; take it off first."


class ListsFull(Conflict):
    """As many entries stand as every process can keep: none is ever left out of account."""

    code = "lists_full"
    message = "The lists are full; take entries off that are no longer needed."


class EntryUnknown(NotFound):
    """There is no such entry, or it has been taken off."""

    code = "list_entry_unknown"
    message = "There is no such entry on a list."


@transactions.atomic_retry
def list_subject(
    *,
    listed: ListedKind,
    subject_id: uuid.UUID,
    kind: ListKind,
    reason: str,
    actor: str,
    ends_at: datetime | None = None,
) -> ListEntry:
    """Block, allow or watch somebody or something; the same again changes nothing.

    Every process knows it within SAOMA_RISK_REFRESH_S.

    Raises:
        ReasonMissing: the reason is empty.
        ListedAlready: it is on another list.
        ListsFull: LISTED_MAXIMUM entries stand.
    """
    if not reason.strip():
        raise ReasonMissing(field="reason")
    _end_lapsed(listed, subject_id)
    is_new = standing(listed, subject_id) is None
    if is_new and current.standing().count() >= LISTED_MAXIMUM:
        raise ListsFull(maximum=LISTED_MAXIMUM)
    try:
        with transaction.atomic():
            entry = ListEntry.objects.create(
                listed=listed,
                subject_id=subject_id,
                kind=kind,
                reason=reason,
                added_by=actor[:150],
                ends_at=ends_at,
            )
    except IntegrityError as error:
        earlier = standing(listed, subject_id)
        if earlier is None or earlier.kind != kind:
            raise ListedAlready(field="subject_id") from error
        return earlier
    record(
        action="risk.list",
        actor=actor,
        target=f"{listed.value}:{subject_id}",
        purpose=reason,
        after={"list": kind.value},
    )
    forget()
    transactions.on_commit(forget)
    return entry


def _end_lapsed(listed: ListedKind, subject_id: uuid.UUID) -> None:
    """Take an entry off whose time is over: it would stand in the way of a new one."""
    lapsed = _not_removed(listed, subject_id).filter(ends_at__lte=clock.now())
    lapsed.update(removed_at=F("ends_at"))


@transactions.atomic_retry
def unlist(*, entry_id: uuid.UUID, actor: str, reason: str) -> ListEntry:
    """Take an entry off its list; it stays on file. Only an approval calls it.

    Raises:
        EntryUnknown: it stands on no list.

    Locks: the entry's version, then the entry.
    """
    targets.moved(entry_target(entry_id), actor=actor)
    entry = ListEntry.objects.select_for_update().filter(id=entry_id).first()
    if entry is None or entry.removed_at is not None:
        raise EntryUnknown(field="entry")
    entry.removed_at = clock.now()
    entry.save(update_fields=["removed_at"])
    record(
        action="risk.unlist",
        actor=actor,
        target=f"{entry.listed}:{entry.subject_id}",
        purpose=reason,
        before={"list": entry.kind},
    )
    forget()
    transactions.on_commit(forget)
    return entry


def entry_target(entry_id: uuid.UUID) -> str:
    """A list entry as approvals name it."""
    return f"list_entry:{entry_id}"


def standing(listed: ListedKind, subject_id: uuid.UUID) -> ListEntry | None:
    """The entry that somebody or something stands under now."""
    return _not_removed(listed, subject_id).first()


def _not_removed(listed: ListedKind, subject_id: uuid.UUID) -> QuerySet[ListEntry]:
    return ListEntry.objects.filter(listed=listed, subject_id=subject_id, removed_at__isnull=True)
