"""What each side, the operators and the clock answer to a dispute."""

import uuid
from collections.abc import Callable
from datetime import datetime

from config.kernel import clock, transactions
from config.kernel.approvals import targets
from config.kernel.audit.chain import record
from merchants.disputes import queries, rules
from merchants.disputes.models import Dispute
from merchants.disputes.rules import APPEAL_WITHIN, REVIEW_WITHIN
from merchants.disputes.usecases.move_money import (
    refund_buyer,
    reserve_disputed,
    return_reserve,
    write_event,
)
from merchants.disputes.values import FOR_BUYER, LIVE, DisputeState
from merchants.onboarding.models import Merchant
from merchants.onboarding.queries import merchant_for_money
from wallet import public as wallet


def accept_dispute(*, dispute_id: uuid.UUID, actor: str) -> Dispute:
    """The merchant agrees: the buyer is refunded. Again changes nothing.

    Raises:
        DisputeUnknown, DisputeStateForbids: there is none, or it is over.

    Locks: see `move_dispute`.
    """
    return move_dispute(dispute_id=dispute_id, to=DisputeState.ACCEPTED, actor=actor)


def challenge_dispute(*, dispute_id: uuid.UUID, finding: str, actor: str) -> Dispute:
    """The merchant objects: operators decide within seven days. Again changes nothing.

    Raises:
        DisputeUnknown, DisputeStateForbids: there is none, or it is not waiting for it.

    Locks: see `move_dispute`.
    """
    return move_dispute(
        dispute_id=dispute_id, to=DisputeState.CHALLENGED, actor=actor, finding=finding
    )


def cancel_dispute(*, dispute_id: uuid.UUID, actor: str) -> Dispute:
    """The buyer takes it back: the merchant has its money again. Again changes nothing.

    Raises:
        DisputeUnknown, DisputeStateForbids: there is none, or it is over.

    Locks: see `move_dispute`.
    """
    return move_dispute(dispute_id=dispute_id, to=DisputeState.CANCELLED, actor=actor)


def appeal_dispute(*, dispute_id: uuid.UUID, actor: str) -> Dispute:
    """The buyer asks once more, within 48 hours of a decision for the merchant.

    Raises:
        DisputeUnknown, DisputeStateForbids: there is none, it was not decided so, or it
            was about a bill, whose decision is final.
        TooLate: the time is over.

    Locks: see `move_dispute`.
    """

    def check(row: Dispute) -> None:
        if row.decided_at is not None:
            rules.check_in_time(clock.now(), since=row.decided_at, within=APPEAL_WITHIN)
        if row.postings > 2 or row.unpaid:
            raise rules.DisputeStateForbids(state=row.state, target=DisputeState.APPEALED.value)

    return move_dispute(dispute_id=dispute_id, to=DisputeState.APPEALED, actor=actor, check=check)


def decide_dispute(*, dispute_id: uuid.UUID, for_buyer: bool, finding: str, actor: str) -> Dispute:
    """Decide a challenged or appealed dispute. Only the approval of two operators calls it.

    Raises:
        DisputeUnknown, DisputeStateForbids: there is none under review.

    Locks: see `move_dispute`.
    """
    to = DisputeState.LOST if for_buyer else DisputeState.WON
    return move_dispute(dispute_id=dispute_id, to=to, actor=actor, finding=finding)


def expire_unanswered(*, now: datetime) -> int:
    """Judge for the buyer where the merchant was silent; returns how many."""
    ids = queries.unanswered(now)
    for dispute_id in ids:
        move_dispute(dispute_id=dispute_id, to=DisputeState.EXPIRED, actor="system:disputes")
    return len(ids)


@transactions.atomic_retry
def move_dispute(
    *,
    dispute_id: uuid.UUID,
    to: DisputeState,
    actor: str,
    finding: str = "",
    check: Callable[[Dispute], None] | None = None,
) -> Dispute:
    """Bring a dispute to another state with what that does to the money, once.

    Raises:
        DisputeUnknown: there is none.
        DisputeStateForbids: it may not go there from where it stands.

    Locks: its version, the payment, the merchant, the dispute, then the ledger accounts.
    """
    targets.moved(dispute_target(dispute_id), actor=actor)
    seen = queries.dispute(dispute_id)
    wallet.locked_payment(seen.payment_id)
    merchant = merchant_for_money(seen.merchant_id)
    row = Dispute.objects.select_for_update().get(id=dispute_id)
    before = DisputeState(row.state)
    if before is to:
        return row
    rules.check_move(before, to)
    if check is not None:
        check(row)
    now = clock.now()
    row.state, row.finding = to, finding or row.finding
    row.due_at = now + REVIEW_WITHIN if to in LIVE else None
    row.decided_at = None if to in LIVE else now
    row.alarmed_at = None
    row.save(update_fields=["state", "finding", "due_at", "decided_at", "alarmed_at"])
    if row.unpaid:
        _end_contest(row, to)
    else:
        _move_money(row, merchant, to)
    record(
        action="disputes.move",
        actor=actor,
        target=dispute_target(dispute_id),
        purpose=finding,
        before={"state": before.value},
        after={"state": to.value},
    )
    write_event(row, "dispute.challenged" if to in LIVE else "dispute.ended")
    return row


def _move_money(row: Dispute, merchant: Merchant, to: DisputeState) -> None:
    """Set the amount aside, give it back, or refund it."""
    if to is DisputeState.APPEALED:
        reserve_disputed(row, merchant)
    elif to not in LIVE:
        return_reserve(row, merchant)
    if to in FOR_BUYER:
        refund_buyer(row)


def _end_contest(row: Dispute, to: DisputeState) -> None:
    """Close the bill, or let it be paid; while the dispute is live nothing changes."""
    if to not in LIVE:
        wallet.end_contest(payment_id=row.payment_id, cancelled=to in FOR_BUYER)


def dispute_target(dispute_id: uuid.UUID) -> str:
    """A dispute as approvals name it."""
    return f"dispute:{dispute_id}"
