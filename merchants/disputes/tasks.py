"""Jobs of disputes, and their approval actions."""

from datetime import datetime

from config.kernel import approvals, timetable
from config.kernel.actors import operator_actor
from merchants.disputes import queries, rules
from merchants.disputes.models import Dispute
from merchants.disputes.usecases.answer_dispute import (
    decide_dispute,
    dispute_target,
    expire_unanswered,
)
from merchants.disputes.usecases.watch_reviews import watch_reviews
from merchants.disputes.values import UNDER_REVIEW, DisputeState
from wallet import public as wallet
from wallet.money import format_amount

DECIDE = "disputes.decide"

wallet.keeps_wallet_open("dispute")(queries.has_live_dispute)


@timetable.job("disputes.expire", tells=("dispute.ended",), next_due=queries.next_deadline)
def expire(now: datetime) -> int:
    """Judge for the buyer where the merchant was silent."""
    return expire_unanswered(now=now)


@timetable.job(
    "disputes.watch_reviews", tells="an alarm for operators", next_due=queries.next_overdue
)
def watch(now: datetime) -> int:
    """Call the operators to reviews that should have been decided."""
    return watch_reviews(now=now)


def _dispute(parameters: approvals.Parameters) -> Dispute:
    return queries.dispute(approvals.id_in(parameters, "dispute", rules.DisputeUnknown))


def _for_buyer(parameters: approvals.Parameters) -> bool:
    return parameters.get("for_buyer") is True


def _amount(row: Dispute) -> str:
    return f"{format_amount(row.amount_minor, row.currency)} {row.currency}"


def show_dispute(parameters: approvals.Parameters) -> approvals.Facts:
    """Which dispute, of how much, between whom."""
    row = _dispute(parameters)
    return {
        "dispute": approvals.Link(row.payment_number, "disputes.Dispute", str(row.id)),
        "merchant": approvals.Link(row.merchant.name, "onboarding.Merchant", str(row.merchant_id)),
        "amount": _amount(row),
        "reason": row.reason,
    }


def show_outcome(parameters: approvals.Parameters) -> approvals.Facts:
    """For whom it is to be decided."""
    return {"decided for": "the buyer" if _for_buyer(parameters) else "the merchant"}


def state_of_dispute(parameters: approvals.Parameters) -> approvals.Facts:
    """How the dispute stands."""
    row = _dispute(parameters)
    return {"state": row.state, "amount": _amount(row), "evidence": row.evidence.count()}


def check_dispute(parameters: approvals.Parameters) -> None:
    """Only what is under review is decided."""
    state = DisputeState(_dispute(parameters).state)
    if state not in UNDER_REVIEW:
        raise rules.DisputeStateForbids(state=state.value)


def foretell_decision(parameters: approvals.Parameters) -> approvals.Facts:
    """What becomes of the money that is set aside."""
    row = _dispute(parameters)
    if row.unpaid:
        bill = "closed unpaid" if _for_buyer(parameters) else "to be paid"
        return {"the bill": approvals.change("contested", bill)}
    to = DisputeState.LOST if _for_buyer(parameters) else DisputeState.WON
    gets = "refunded to the buyer" if _for_buyer(parameters) else "given back to the merchant"
    return {
        "dispute": approvals.change(row.state, to.value),
        "debit merchant reserve": _amount(row),
        "the amount is": gets,
    }


def target_dispute(parameters: approvals.Parameters) -> str:
    """The dispute."""
    return dispute_target(_dispute(parameters).id)


@approvals.action(
    DECIDE,
    title="Decide a dispute",
    parameters={"dispute": show_dispute, "for_buyer": show_outcome},
    target=target_dispute,
    state=state_of_dispute,
    check=check_dispute,
    effect=foretell_decision,
)
def decide(approved: approvals.Approved) -> approvals.Facts:
    """Carry out what two operators agreed on."""
    row = decide_dispute(
        dispute_id=_dispute(approved.parameters).id,
        for_buyer=_for_buyer(approved.parameters),
        finding=approved.reason,
        actor=operator_actor(approved.maker, *approved.checkers),
    )
    return {"dispute": row.state}
