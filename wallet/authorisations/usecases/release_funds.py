"""Give back part or all of what an authorisation has left."""

import uuid
from datetime import datetime

from config.kernel import clock, transactions
from config.kernel.errors import required
from config.kernel.outbox import writes as outbox
from wallet.accounts import queries as accounts
from wallet.authorisations import queries, rules
from wallet.authorisations.models import Authorisation, Operation
from wallet.authorisations.usecases.end_authorisation import end_if_empty
from wallet.authorisations.usecases.open_hold import event_payload, new_operation
from wallet.authorisations.usecases.release import release_reserved
from wallet.authorisations.values import (
    AuthorisationStatus,
    EndReason,
    OperationKind,
    ReleaseOutcome,
    Split,
)
from wallet.payments import rules as payments


@transactions.atomic_retry
def release_funds(
    *,
    authorisation_id: uuid.UUID,
    request_no: str,
    amount_minor: int,
    remark: str = "",
    details: dict[str, object] | None = None,
) -> ReleaseOutcome:
    """Give back an amount at the payee's wish, the payer's own money first.

    The same request number with the same amount gives the first release again, also after
    the authorisation has ended.

    Args:
        authorisation_id: the authorisation.
        request_no: the payee's own number for this release, unique in the authorisation;
            without a colon, which marks our own.
        amount_minor: in minor units, at least 1.
        remark: why, for people.
        details: the payee's extras, kept unread.

    Raises:
        AuthorisationUnknown: there is no such authorisation.
        AuthorisationConflict: the request number was used for another amount.
        AuthorisationNotGiven, AuthorisationFinished, AuthorisationClosed: nothing can be
            given back.
        AuthorisationExceeded: there is less left.
        AmountOutOfRange, ReferenceInvalid, TextInvalid: an input is wrong.

    Locks: the authorisation, then as `release`.
    """
    if not request_no or ":" in request_no:
        raise payments.ReferenceInvalid(field="request_no")
    payments.check_text(request_no, field="request_no", longest=payments.REFERENCE_MAXIMUM)
    payments.check_text(remark, field="remark", longest=payments.DESCRIPTION_MAXIMUM)
    if amount_minor < payments.MINIMUM_MINOR:
        raise payments.AmountOutOfRange(field="amount")
    row = queries.locked(authorisation_id)
    earlier = row.operations.filter(kind=OperationKind.UNFREEZE, request_no=request_no).first()
    if earlier is not None:
        if earlier.amount_minor != amount_minor:
            raise rules.AuthorisationConflict(field="request_no", status=row.status)
        return ReleaseOutcome(queries.view(row), queries.operation_view(earlier), changed=False)
    rules.check_open(AuthorisationStatus(row.status))
    split = rules.take(amount_minor, held_minor=row.held_minor, waived_minor=row.waived_minor)
    operation = release(
        row,
        split=split,
        request_no=request_no,
        reason=EndReason.RELEASED,
        at=clock.now(),
        remark=remark,
        details=details or {},
    )
    return ReleaseOutcome(queries.view(row), queries.operation_view(operation), changed=True)


def release(
    row: Authorisation,
    *,
    split: Split,
    request_no: str,
    reason: EndReason,
    at: datetime,
    remark: str = "",
    details: dict[str, object] | None = None,
    hold_first: uuid.UUID | None = None,
) -> Operation:
    """Give back a split of a locked authorisation, save both rows and tell of it."""
    payer = accounts.user(required(row.payer_id, "what is frozen has a payer"))
    operation = new_operation(
        row,
        kind=OperationKind.UNFREEZE,
        request_no=request_no,
        amount_minor=split.funds_minor + split.credit_minor,
        at=at,
    )
    operation.funds_minor, operation.credit_minor = split.funds_minor, split.credit_minor
    operation.remark, operation.details = remark, details or {}
    operation.save(force_insert=True)
    key = f"unvouch:{operation.id}"
    release_reserved(row=row, payer=payer, split=split, key=key, at=at, hold_first=hold_first)
    row.released_minor += operation.amount_minor
    end_if_empty(row, reason=reason, at=at)
    row.save()
    outbox.add(
        topic="authorisation.released", aggregate_id=row.id, payload=event_payload(row, operation)
    )
    return operation
