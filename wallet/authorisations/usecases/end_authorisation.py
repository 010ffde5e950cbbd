"""Close a hold request that waits, and end an authorisation."""

from datetime import datetime

from config.kernel.outbox import writes as outbox
from wallet.authorisations import queries
from wallet.authorisations.models import Authorisation, Operation
from wallet.authorisations.usecases.open_hold import event_payload
from wallet.authorisations.values import AuthorisationStatus, EndReason, OperationStatus


def close_waiting(
    row: Authorisation, operation: Operation, *, reason: EndReason, at: datetime
) -> None:
    """Close a freeze that waits; an authorisation with nothing frozen closes with it.

    The caller holds the authorisation's lock.
    """
    operation.status, operation.done_at = OperationStatus.CLOSED, at
    operation.save(update_fields=["status", "done_at"])
    if row.status == AuthorisationStatus.INIT:
        row.status, row.closed_at, row.close_reason = AuthorisationStatus.CLOSED, at, reason
        row.save(update_fields=["status", "closed_at", "close_reason"])
    outbox.add(
        topic="authorisation.closed",
        aggregate_id=row.id,
        payload=event_payload(row, operation) | {"reason": reason.value},
    )


def end_if_empty(row: Authorisation, *, reason: EndReason, at: datetime) -> None:
    """End an authorisation that has nothing left; the caller saves it.

    Captured from, it is FINISHED; otherwise, or where its time ran out, CLOSED. A freeze
    that still waits for its payer goes with it.
    """
    if row.held_minor or row.waived_minor or row.status != AuthorisationStatus.AUTHORISED:
        return
    waiting = queries.waiting_hold(row)
    if waiting is not None:
        close_waiting(row, waiting, reason=reason, at=at)
    row.closed_at = at
    if row.captured_minor and reason is not EndReason.EXPIRED:
        row.status = AuthorisationStatus.FINISHED
    else:
        row.status, row.close_reason = AuthorisationStatus.CLOSED, reason
