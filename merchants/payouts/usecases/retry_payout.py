"""Try a returned payout again, once a second operator agrees."""

import uuid

from config.kernel import approvals, transactions
from merchants.payouts import queries, rules
from merchants.payouts.models import Payout
from merchants.payouts.usecases.create_payout import create_payout
from merchants.payouts.values import PayoutState
from wallet import money

RETRY = "payouts.retry"


@transactions.atomic_retry
def retry_payout(*, payout_id: uuid.UUID) -> Payout | None:
    """Make a new attempt for the batch of a returned payout, to the merchant's present bank.

    Raises:
        PayoutNotFound: there is no such payout.
        rules.PayoutStateForbids: it was not returned.
        rules.PayoutSuperseded: there is a newer attempt.

    Locks: the merchant, the batch, then the ledger accounts.
    """
    payout = queries.payout(payout_id)
    if payout.state != PayoutState.RETURNED:
        raise rules.PayoutStateForbids(state=payout.state)
    if Payout.objects.filter(batch_id=payout.batch_id, attempt__gt=payout.attempt).exists():
        raise rules.PayoutSuperseded()
    return create_payout(batch_id=payout.batch_id)


def _payout_id(parameters: approvals.Parameters) -> uuid.UUID:
    return uuid.UUID(str(parameters["payout_id"]))


def _state(parameters: approvals.Parameters) -> approvals.Facts:
    payout = queries.payout(_payout_id(parameters))
    return {
        "payout": str(payout.id),
        "merchant": payout.merchant.merchant_id,
        "state": payout.state,
        "attempts": Payout.objects.filter(batch_id=payout.batch_id).count(),
        "batch": payout.batch.state,
        "payout_account": payout.merchant.payout_account,
    }


def _effect(parameters: approvals.Parameters) -> approvals.Facts:
    payout = queries.payout(_payout_id(parameters))
    amount = money.format_amount(payout.amount_minor, payout.currency)
    return {
        "pay out": f"{amount} {payout.currency} at most",
        "to": f"{payout.merchant.payout_bank} {payout.merchant.payout_account}",
        "returned because": payout.reason,
        "Dr": f"merchant:{payout.merchant_id}:payable",
        "Cr": "bank:payout_in_transit",
    }


@approvals.action(
    RETRY,
    title="Try a returned payout again",
    permission="payouts.approve_payout",
    maker_permission="payouts.change_payout",
    state=_state,
    effect=_effect,
)
def retry_approved(approved: approvals.Approved) -> approvals.Facts:
    """Executor of the approval."""
    payout = retry_payout(payout_id=_payout_id(approved.parameters))
    return {"payout": str(payout.id) if payout else None}
