"""Release a batch that is too large to be paid out on one person's word."""

import uuid

from config.kernel import approvals, transactions
from config.kernel.actors import operator_actor
from config.kernel.approvals.steps import PURPOSE_CHARACTERS
from config.kernel.audit import chain
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


def show_batch(parameters: approvals.Parameters) -> approvals.Facts:
    """Whose day it is, what it came to, and where the money goes."""
    batch = queries.batch(_batch_id(parameters))
    merchant = batch.merchant
    return {
        "merchant": approvals.Link(merchant.name, "onboarding.Merchant", str(merchant.id)),
        "batch": approvals.Link(
            f"{batch.business_date:%Y-%m-%d}", "settlement.SettlementBatch", str(batch.id)
        ),
        "payments": f"{batch.payment_count}, refunds {batch.refund_count}",
        "net": _money(batch.net_minor, batch.currency),
        "pay out": _money(batch.out_minor, batch.currency),
        "bank": f"{merchant.payout_bank} {merchant.payout_account}, {merchant.payout_holder}",
    }


def _money(amount_minor: int, currency: str) -> str:
    return f"{money.format_amount(amount_minor, currency)} {currency}"


def check_waiting(parameters: approvals.Parameters) -> None:
    """Only a batch that waits for approval is released."""
    state = queries.batch(_batch_id(parameters)).state
    if state != BatchState.AWAITING_APPROVAL:
        raise rules.BatchStateForbids(state=state, wanted=BatchState.CALCULATED.value)


def _effect(parameters: approvals.Parameters) -> approvals.Facts:
    batch = queries.batch(_batch_id(parameters))
    return {
        "batch": approvals.change(batch.state, BatchState.CALCULATED.value),
        "pay out": _money(batch.out_minor, batch.currency),
        "to": f"{batch.merchant.payout_bank} {batch.merchant.payout_account}",
        "Dr": f"payable to {batch.merchant.name}",
        "Cr": "bank:payout_in_transit",
    }


def _batch_id(parameters: approvals.Parameters) -> uuid.UUID:
    return approvals.id_in(parameters, "batch_id", queries.BatchNotFound)


def target_batch(parameters: approvals.Parameters) -> str:
    """The batch."""
    return f"batch:{_batch_id(parameters)}"


@approvals.action(
    RELEASE,
    title="Release a settlement batch above the limit",
    parameters={"batch_id": show_batch},
    target=target_batch,
    state=_state,
    check=check_waiting,
    effect=_effect,
)
def release_approved(approved: approvals.Approved) -> approvals.Facts:
    """Executor of the approval: the release, and who let the money go."""
    batch = release_batch(batch_id=_batch_id(approved.parameters))
    chain.record(
        action="settlement.release",
        actor=operator_actor(approved.checkers[-1]),
        target=f"batch:{batch.id}",
        purpose=approved.reason[:PURPOSE_CHARACTERS],
        before={"state": BatchState.AWAITING_APPROVAL.value},
        after={
            "state": batch.state,
            "out_minor": batch.out_minor,
            "currency": batch.currency,
            "maker": approved.maker,
            "checkers": list(approved.checkers),
            "approval": str(approved.request_id),
        },
    )
    return {"batch": str(batch.id), "state": batch.state}
