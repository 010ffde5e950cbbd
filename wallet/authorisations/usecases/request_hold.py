"""Request a hold that the payer confirms later on the phone."""

import uuid

from config.kernel import clock, transactions
from wallet.accounts import queries as accounts
from wallet.authorisations import queries, rules
from wallet.authorisations.usecases.open_hold import announce, check_request, open_hold
from wallet.authorisations.usecases.reserve import check_payer
from wallet.authorisations.values import (
    AuthorisationStatus,
    HoldOutcome,
    HoldRequest,
    HoldResult,
    OperationStatus,
)


@transactions.atomic_retry
def request_hold(
    *, request: HoldRequest, payer_id: uuid.UUID | None = None, token: str = ""
) -> HoldOutcome:
    """Write a freeze down that waits for its payer: a known one, or whoever scans its code.

    The same request again gives the same freeze, and its code a new life while nobody
    has scanned it.

    Args:
        request: what is asked for.
        payer_id: who is to agree; None for whoever scans.
        token: the capability in the code that offers it; kept only where the freeze is new.

    Raises:
        what `check_request` and `open_hold` refuse.
        AuthorisationFinished, AuthorisationClosed: it has ended, or this freeze has.
        PayerDiffers, PayeeIsPayer, AccountFrozen, AccountClosed: not by this payer.

    Locks: the authorisation.
    """
    at = clock.now()
    check_request(request, at=at)
    row, operation, new = open_hold(request, at=at)
    if not new:
        rules.check_not_ended(AuthorisationStatus(row.status))
        if operation.status == OperationStatus.CLOSED:
            raise rules.AuthorisationClosed()
    if new and token:
        operation.token = token
    waits = operation.status == OperationStatus.INIT
    if waits and row.payer_id is None:
        operation.expires_at = request.pay_expires_at
    if payer_id is not None:
        check_payer(row, accounts.user(payer_id))
    if payer_id is not None and row.payer_id is None:
        row.payer_id = payer_id
        row.save(update_fields=["payer_id"])
        announce(row, operation)
    operation.save(update_fields=["token", "expires_at"])
    result = HoldResult.AWAITING_PAYER if waits else HoldResult.REPLAYED
    return HoldOutcome(queries.view(row), queries.operation_view(operation), result)


@transactions.atomic_retry
def claim_hold(*, token: str, payer_id: uuid.UUID) -> HoldOutcome:
    """Hold the freeze that a scanned code offers for this payer; scanning again shows it.

    Raises:
        OperationUnknown: no code of ours offers a freeze with this token.
        AuthorisationExpired, AuthorisationClosed: too late.
        PayerDiffers: somebody else scanned it first.
        PayeeIsPayer, AccountFrozen, AccountClosed: this payer cannot agree.

    Locks: the authorisation.
    """
    row, operation = queries.locked_by_token(token)
    payer = accounts.user(payer_id)
    check_payer(row, payer)
    if operation.status == OperationStatus.INIT:
        if operation.expires_at is not None and operation.expires_at <= clock.now():
            raise rules.AuthorisationExpired()
        if row.payer_id is None:
            row.payer_id = payer_id
            row.save(update_fields=["payer_id"])
        result = HoldResult.AWAITING_PAYER
    elif operation.status == OperationStatus.CLOSED:
        raise rules.AuthorisationClosed()
    else:
        result = HoldResult.REPLAYED
    return HoldOutcome(queries.view(row), queries.operation_view(operation), result)
