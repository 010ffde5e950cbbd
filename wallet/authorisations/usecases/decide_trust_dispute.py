"""Two operators decide whether a disputed late mark stays in somebody's payment trust."""

import uuid

from config.kernel import clock, transactions
from config.kernel.approvals import targets
from config.kernel.audit.chain import record
from config.kernel.outbox import writes as outbox
from wallet.authorisations import queries, rules
from wallet.authorisations.models import TrustDispute
from wallet.authorisations.values import TrustDisputeState


@transactions.atomic_retry
def decide_trust_dispute(
    *, dispute_id: uuid.UUID, uphold: bool, finding: str, actor: str
) -> TrustDispute:
    """Take the mark out of the figure, or leave it; again changes nothing.

    Only the approval of two operators calls it. The user is told through the outbox.

    Raises:
        TrustDisputeUnknown: there is none.
        TrustDisputeDecided: it was decided the other way.

    Locks: its version, then the dispute.
    """
    target = rules.dispute_target(dispute_id)
    targets.moved(target, actor=actor)
    dispute = queries.locked_trust_dispute(dispute_id)
    decision = TrustDisputeState.UPHELD if uphold else TrustDisputeState.DISMISSED
    if dispute.state == decision:
        return dispute
    if dispute.state != TrustDisputeState.OPEN:
        raise rules.TrustDisputeDecided(state=dispute.state)
    dispute.state, dispute.finding, dispute.decided_at = decision, finding[:500], clock.now()
    dispute.save(update_fields=["state", "finding", "decided_at"])
    record(
        action="trust.dispute_decided",
        actor=actor,
        target=target,
        purpose=finding,
        before={"state": TrustDisputeState.OPEN.value},
        after={"state": decision.value},
    )
    outbox.add(
        topic="trust.dispute_decided",
        aggregate_id=dispute.user_id,
        payload={"payer_id": str(dispute.user_id), "state": decision.value},
    )
    return dispute
