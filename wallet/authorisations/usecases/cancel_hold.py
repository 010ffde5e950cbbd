"""Cancel a hold whose outcome the payee does not know."""

import uuid

from config.kernel import clock, transactions
from wallet.authorisations import queries, rules
from wallet.authorisations.models import Authorisation, Operation
from wallet.authorisations.usecases.end_authorisation import close_waiting
from wallet.authorisations.usecases.release_funds import release
from wallet.authorisations.values import (
    CancelHoldOutcome,
    CancelResult,
    EndReason,
    OperationKind,
    OperationStatus,
    Split,
)
from wallet.ledger import queries as ledger
from wallet.ledger.values import HoldState


@transactions.atomic_retry
def cancel_hold(
    *, authorisation_id: uuid.UUID, number: str = "", request_no: str = "", remark: str = ""
) -> CancelHoldOutcome:
    """Make a freeze as if it had not been: close it while it waits, or give it all back.

    Cancelling again changes nothing and names the action of the first time.

    Args:
        authorisation_id: the authorisation.
        number: our number of the freeze; decides where both are given.
        request_no: the payee's number of the freeze.
        remark: why, for people.

    Raises:
        AuthorisationUnknown, OperationUnknown: there is no such freeze.
        HoldSpent: something has been captured from the authorisation.

    Locks: the authorisation, then as `release_reserved`.
    """
    row = queries.locked(authorisation_id)
    operation = _hold(row, number, request_no)
    action = CancelResult.UNFREEZE
    changed = True
    if operation.status == OperationStatus.INIT:
        action = CancelResult.CLOSE
        close_waiting(row, operation, reason=EndReason.CANCELLED, at=clock.now())
    elif operation.status == OperationStatus.CLOSED:
        action, changed = CancelResult.CLOSE, False
    elif operation.cancelled:
        changed = False
    else:
        _return_funds(row, operation, remark)
    return CancelHoldOutcome(queries.view(row), queries.operation_view(operation), action, changed)


def _hold(row: Authorisation, number: str, request_no: str) -> Operation:
    name_filter = {"number": number} if number else {"request_no": request_no}
    operation = row.operations.filter(kind=OperationKind.FREEZE, **name_filter).first()
    if operation is None:
        raise rules.OperationUnknown()
    return operation


def _return_funds(row: Authorisation, operation: Operation, remark: str) -> None:
    """Give back what is left of one freeze."""
    if row.captured_minor:
        raise rules.HoldSpent(captured_minor=row.captured_minor)
    hold = ledger.hold(operation.hold_id) if operation.hold_id else None
    held_minor = hold.amount_minor if hold is not None and hold.state == HoldState.HELD else 0
    split = Split(held_minor, min(operation.credit_minor, row.waived_minor))
    operation.cancelled = True
    operation.save(update_fields=["cancelled"])
    if split.funds_minor or split.credit_minor:
        release(
            row,
            split=split,
            request_no=rules.CANCEL + operation.number,
            reason=EndReason.CANCELLED,
            at=clock.now(),
            remark=remark,
            hold_first=operation.hold_id,
        )
