"""Store a requested hold, or return the one that was stored before."""

from datetime import datetime

from django.db import IntegrityError, transaction

from config.kernel import ids, transactions
from config.kernel.outbox import writes as outbox
from wallet.authorisations import queries, rules
from wallet.authorisations.models import Authorisation, Operation
from wallet.authorisations.values import (
    FIGURES,
    AuthorisationStatus,
    HoldRequest,
    OperationKind,
    OperationStatus,
)
from wallet.payments import rules as payments


def check_request(request: HoldRequest, *, at: datetime) -> None:
    """Check what every freeze needs, before anything is looked up.

    Raises:
        AmountOutOfRange, CurrencyUnsupported, ReferenceInvalid, TextInvalid: named by
            the field.
        PayTimeInvalid: the payer has under a minute or over fifteen days.
    """
    payments.check_order(
        reference=request.reference,
        amount_minor=request.amount_minor,
        currency=request.currency,
        description=request.title,
    )
    if not request.request_no:
        raise payments.ReferenceInvalid(field="request_no")
    payments.check_text(request.request_no, field="request_no", longest=payments.REFERENCE_MAXIMUM)
    payments.details_text(request.details)
    rules.check_pay_time(request.pay_expires_at - at)


def open_hold(request: HoldRequest, *, at: datetime) -> tuple[Authorisation, Operation, bool]:
    """Give the locked authorisation and freeze of a request, made now where they are new.

    The same numbers with the same content find the same freeze (the third value is then
    False). A new request number under a given authorisation is an additional freeze.

    Raises:
        AuthorisationConflict: a number stands for something else, or another freeze of
            this authorisation still waits for its payer.
        AuthorisationFinished, AuthorisationClosed: it has ended; nothing can be added.

    Locks: the authorisation.
    """
    transactions.require()
    row, new = _authorisation(request, at)
    if not new:
        operation = row.operations.filter(
            kind=OperationKind.FREEZE, request_no=request.request_no
        ).first()
        _check_same(row, operation, request)
        if operation is not None:
            return row, operation, False
        rules.check_not_ended(AuthorisationStatus(row.status))
        if queries.waiting_hold(row) is not None:
            raise rules.AuthorisationConflict(field="reference", status=row.status)
    return row, _operation(row, request, at), True


def announce(row: Authorisation, operation: Operation) -> None:
    """Tell of a freeze that waits for a payer who is known (`authorisation.asked`)."""
    outbox.add(
        topic="authorisation.asked",
        aggregate_id=row.id,
        payload=event_payload(row, operation),
    )


def event_payload(row: Authorisation, operation: Operation) -> dict[str, object]:
    """What an authorisation's events tell: ids, the operation's amounts, and the figures now.

    Who is told of an operation hears how the authorisation stood after it, however late.
    """
    return {
        "authorisation_id": str(row.id),
        "operation_id": str(operation.id),
        "payer_id": str(row.payer_id) if row.payer_id else None,
        "payee_id": str(row.payee_id),
        "amount_minor": operation.amount_minor,
        "funds_minor": operation.funds_minor,
        "credit_minor": operation.credit_minor,
        "currency": row.currency,
        **{name: getattr(row, name) for name in FIGURES},
    }


def new_operation(
    row: Authorisation, *, kind: OperationKind, request_no: str, amount_minor: int, at: datetime
) -> Operation:
    """Make an operation that is done now, not saved yet."""
    operation_id = ids.uuid7()
    return Operation(
        id=operation_id,
        number=rules.operation_number(
            operation_id.int,
            on=payments.business_date(at, row.payee_zone),
            unit=row.unit,
            kind=kind,
        ),
        authorisation=row,
        kind=kind,
        status=OperationStatus.SUCCESS,
        request_no=request_no,
        amount_minor=amount_minor,
        created_at=at,
        done_at=at,
    )


def _authorisation(request: HoldRequest, at: datetime) -> tuple[Authorisation, bool]:
    same = Authorisation.objects.select_for_update().filter(
        payee_id=request.payee_id, reference=request.reference
    )
    earlier = same.first()
    if earlier is not None:
        return earlier, False
    authorisation_id, unit = ids.uuid7(), ids.unit_of(request.payee_id)
    row = Authorisation(
        id=authorisation_id,
        number=rules.authorisation_number(
            authorisation_id.int, on=payments.business_date(at, request.payee_zone), unit=unit
        ),
        payee_id=request.payee_id,
        payee_account_id=request.payee_account_id,
        payee_owner_id=request.payee_owner_id,
        payee_name=request.payee_name[: payments.PAYEE_NAME_MAXIMUM],
        payee_zone=request.payee_zone,
        reference=request.reference,
        title=request.title,
        currency=request.currency,
        amount_minor=request.amount_minor,
        created_at=at,
        details=dict(request.details),
        unit=unit,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # Two requests at once with one number: the other one's is ours as well.
        return same.get(), False
    return row, True


def _check_same(row: Authorisation, operation: Operation | None, request: HoldRequest) -> None:
    same = (row.payee_account_id, row.currency) == (request.payee_account_id, request.currency)
    if operation is not None:
        same = same and (operation.amount_minor, row.title) == (request.amount_minor, request.title)
    if not same:
        raise rules.AuthorisationConflict(field="request_no", status=row.status)


def _operation(row: Authorisation, request: HoldRequest, at: datetime) -> Operation:
    operation = new_operation(
        row,
        kind=OperationKind.FREEZE,
        request_no=request.request_no,
        amount_minor=request.amount_minor,
        at=at,
    )
    operation.status, operation.done_at = OperationStatus.INIT, None
    operation.expires_at = request.pay_expires_at
    operation.waiver = request.waiver
    operation.details = dict(request.details)
    operation.save(force_insert=True)
    return operation
