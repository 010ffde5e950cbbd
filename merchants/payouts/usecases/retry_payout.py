"""Try a returned payout again, once a second operator agrees."""

import uuid

from config.kernel import approvals, transactions
from config.kernel.actors import operator_actor
from config.kernel.approvals.steps import PURPOSE_CHARACTERS
from config.kernel.audit import chain
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
    check_returned(payout)
    return create_payout(batch_id=payout.batch_id)


def check_returned(payout: Payout) -> None:
    """Check that a payout came back and was not tried again since.

    Raises:
        rules.PayoutStateForbids: it was not returned.
        rules.PayoutSuperseded: there is a newer attempt.
    """
    if payout.state not in {PayoutState.RETURNED, PayoutState.RECALLED}:
        raise rules.PayoutStateForbids(state=payout.state)
    if Payout.objects.filter(batch_id=payout.batch_id, attempt__gt=payout.attempt).exists():
        raise rules.PayoutSuperseded()


def _payout(parameters: approvals.Parameters) -> Payout:
    return queries.payout(approvals.id_in(parameters, "payout_id", queries.PayoutNotFound))


def _money(payout: Payout) -> str:
    return f"{money.format_amount(payout.amount_minor, payout.currency)} {payout.currency}"


def show_payout(parameters: approvals.Parameters) -> approvals.Facts:
    """Whose money came back, how much, from where, and where it goes now."""
    payout = _payout(parameters)
    merchant = payout.merchant
    day = f"{payout.batch.business_date:%Y-%m-%d}"
    return {
        "merchant": approvals.Link(merchant.name, "onboarding.Merchant", str(merchant.id)),
        "payout": approvals.Link(_money(payout), "payouts.Payout", str(payout.id)),
        "batch": approvals.Link(day, "settlement.SettlementBatch", str(payout.batch_id)),
        "sent to": f"{payout.bank} {payout.bank_account}, {payout.holder}",
        "returned because": payout.reason,
        "goes now to": f"{merchant.payout_bank} {merchant.payout_account}, "
        f"{merchant.payout_holder}",
    }


def _state(parameters: approvals.Parameters) -> approvals.Facts:
    payout = _payout(parameters)
    merchant = payout.merchant
    return {
        "merchant number": merchant.merchant_number,
        "merchant": merchant.state,
        "payout": payout.state,
        "attempts": Payout.objects.filter(batch_id=payout.batch_id).count(),
        "batch": payout.batch.state,
        "payout bank": merchant.payout_bank,
        "payout account": merchant.payout_account,
        "payout holder": merchant.payout_holder,
    }


def check_retry(parameters: approvals.Parameters) -> None:
    """Only what came back, and was not tried again since, is tried again."""
    check_returned(_payout(parameters))


def _effect(parameters: approvals.Parameters) -> approvals.Facts:
    payout = _payout(parameters)
    merchant = payout.merchant
    return {
        "attempt": approvals.change(payout.attempt, payout.attempt + 1),
        "pay out": f"{_money(payout)} at most",
        "to": f"{merchant.payout_bank} {merchant.payout_account}",
        "Dr": f"payable to {merchant.name}",
        "Cr": "bank:payout_in_transit",
    }


def target_payout(parameters: approvals.Parameters) -> str:
    """The payout."""
    return f"payout:{_payout(parameters).id}"


@approvals.action(
    RETRY,
    title="Try a returned payout again",
    parameters={"payout_id": show_payout},
    target=target_payout,
    state=_state,
    check=check_retry,
    effect=_effect,
)
def retry_approved(approved: approvals.Approved) -> approvals.Facts:
    """Executor of the approval: the new attempt, and who let the money go."""
    returned = _payout(approved.parameters)
    payout = retry_payout(payout_id=returned.id)
    chain.record(
        action="payouts.retry",
        actor=operator_actor(approved.checkers[-1]),
        target=f"payout:{returned.id}",
        purpose=approved.reason[:PURPOSE_CHARACTERS],
        before={"state": returned.state, "attempt": returned.attempt},
        after={
            "payout": str(payout.id) if payout else None,
            "amount_minor": payout.amount_minor if payout else None,
            "currency": returned.currency,
            "maker": approved.maker,
            "checkers": list(approved.checkers),
            "approval": str(approved.request_id),
        },
    )
    return {"payout": str(payout.id) if payout else None}
