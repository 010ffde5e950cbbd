"""Release a batch that is too large to be paid out on one person's word."""

import uuid

from config.kernel import approvals, transactions
from merchants.settlement import queries, rules
from merchants.settlement.models import SettlementBatch
from merchants.settlement.usecases.lock_batch import lock_batch
from merchants.settlement.values import BatchState
from wallet import money

RELEASE = "settlement.release"


@transactions.atomic_retry
def release_batch(*, batch_id: uuid.UUID) -> SettlementBatch:
    """Let an approved batch go on to its payout. Only the approval of RELEASE calls this.

    Raises:
        BatchNotFound: there is no such batch.
        rules.BatchStateForbids: it does not wait for approval.

    Locks: the merchant, then the batch.
    """
    batch = lock_batch(batch_id)
    batch.state = rules.check_transition(batch.state, BatchState.CALCULATED)
    batch.save(update_fields=["state"])
    return batch


def _state(parameters: approvals.Parameters) -> approvals.Facts:
    return queries.state_facts(_batch_id(parameters))


def _effect(parameters: approvals.Parameters) -> approvals.Facts:
    batch = queries.batch(_batch_id(parameters))
    return {
        "pay out": f"{money.format_amount(batch.out_minor, batch.currency)} {batch.currency}",
        "to": f"{batch.merchant.payout_bank} {batch.merchant.payout_account}",
        "Dr": f"merchant:{batch.merchant_id}:payable",
        "Cr": "bank:payout_in_transit",
    }


def _batch_id(parameters: approvals.Parameters) -> uuid.UUID:
    return uuid.UUID(str(parameters["batch_id"]))


@approvals.action(
    RELEASE,
    title="Release a settlement batch above the limit",
    permission="settlement.approve_settlementbatch",
    maker_permission="settlement.change_settlementbatch",
    state=_state,
    effect=_effect,
)
def release_approved(approved: approvals.Approved) -> approvals.Facts:
    """Executor of the approval."""
    batch = release_batch(batch_id=_batch_id(approved.parameters))
    return {"batch": str(batch.id), "state": batch.state}
