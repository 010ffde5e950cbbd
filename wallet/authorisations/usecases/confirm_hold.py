"""Confirm or decline a requested hold, as its payer."""

import uuid

from config.kernel import clock, transactions
from wallet.accounts import queries as accounts
from wallet.accounts.usecases.check_pin import check_pin
from wallet.authorisations import queries, rules
from wallet.authorisations.models import Authorisation, Operation
from wallet.authorisations.usecases.end_authorisation import close_waiting
from wallet.authorisations.usecases.reserve import reserve
from wallet.authorisations.values import (
    AuthorisationStatus,
    EndReason,
    HoldOutcome,
    HoldResult,
    OperationKind,
    OperationStatus,
)
from wallet.payments.rules import PayerAuth, PinRequired
from wallet.payments.values import Proof


def confirm_hold(
    *,
    authorisation_id: uuid.UUID,
    payer_id: uuid.UUID,
    pin: str | None = None,
    proof: Proof | None = None,
) -> HoldOutcome:
    """Agree to the freeze that waits, with the payment PIN or a proof that stands for it.

    Agreeing again to what has been frozen gives it again (REPLAYED), whatever the PIN. A
    refusal leaves the freeze waiting and open to another try. Call it outside a transaction:
    PIN strikes must survive a refusal.

    Args:
        authorisation_id: the authorisation.
        payer_id: who agrees.
        pin: the payment PIN; needed where there is no proof.
        proof: stands for the PIN; it judges what is agreed to, and is used up with the freeze.

    Raises:
        AuthorisationUnknown: there is no such authorisation, or it is another payer's.
        PinRequired: neither was given.
        PinWrong, PinLocked: the PIN is not the payer's.
        AuthorisationExpired, AuthorisationFinished, AuthorisationClosed: too late.
        whatever `proof` and `reserve` raise.

    Locks: the authorisation, then as `proof` and `reserve`.
    """
    row = queries.one_of_user(user_id=payer_id, authorisation_id=authorisation_id)
    if queries.waiting_hold(row) is not None and proof is None:
        if pin is None:
            raise PinRequired(field="pin")
        check_pin(user_id=payer_id, pin=pin)
    return _confirm(authorisation_id, payer_id, proof)


@transactions.atomic_retry
def refuse_hold(*, authorisation_id: uuid.UUID, payer_id: uuid.UUID) -> HoldOutcome:
    """Say no to the freeze that waits; saying it again changes nothing.

    An authorisation that nothing has been frozen for is closed by it.

    Raises:
        AuthorisationUnknown: there is no such authorisation, or it is another payer's.

    Locks: the authorisation.
    """
    queries.one_of_user(user_id=payer_id, authorisation_id=authorisation_id)
    row = queries.locked(authorisation_id)
    operation = queries.waiting_hold(row)
    result = HoldResult.REPLAYED
    if operation is None:
        operation = _latest_hold(row)
    else:
        close_waiting(row, operation, reason=EndReason.REFUSED_BY_PAYER, at=clock.now())
        result = HoldResult.AWAITING_PAYER
    return HoldOutcome(queries.view(row), queries.operation_view(operation), result)


@transactions.atomic_retry
def _confirm(authorisation_id: uuid.UUID, payer_id: uuid.UUID, proof: Proof | None) -> HoldOutcome:
    row = queries.locked(authorisation_id)
    operation = queries.waiting_hold(row)
    if operation is None:
        rules.check_not_ended(AuthorisationStatus(row.status))
        latest = _latest_hold(row)
        if latest.status == OperationStatus.CLOSED:
            raise rules.AuthorisationClosed()
        return HoldOutcome(queries.view(row), queries.operation_view(latest), HoldResult.REPLAYED)
    at = clock.now()
    if operation.expires_at is not None and operation.expires_at <= at:
        raise rules.AuthorisationExpired()
    if proof is not None:
        proof(queries.confirmation_of(row, operation))
    reserve(
        row=row,
        operation=operation,
        payer=accounts.user(payer_id),
        auth=PayerAuth(with_pin=True),
        at=at,
    )
    return HoldOutcome(queries.view(row), queries.operation_view(operation), HoldResult.FROZEN)


def _latest_hold(row: Authorisation) -> Operation:
    return row.operations.filter(kind=OperationKind.FREEZE).order_by("-created_at", "-id")[0]
