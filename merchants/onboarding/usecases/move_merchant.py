"""Move a merchant from one state to another."""

import uuid

from config.kernel import clock
from config.kernel.approvals import targets
from config.kernel.audit.chain import record
from merchants.onboarding import queries, rules
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.announce_change import announce_change
from merchants.onboarding.values import MerchantState


def merchant_target(merchant_id: uuid.UUID) -> str:
    """A merchant as the approvals' requests name it."""
    return f"merchant:{merchant_id}"


def move_merchant(
    merchant_id: uuid.UUID, target: MerchantState, *, actor: str, reason: str
) -> Merchant:
    """Give a merchant another state, written down with who and why; again changes nothing.

    Raises:
        queries.MerchantNotFound: there is no such merchant.
        rules.MerchantStateForbids: its state does not lead there.

    Locks: the merchant's version, then the merchant.
    """
    targets.moved(merchant_target(merchant_id), actor=actor)
    merchant = queries.merchant_for_update(merchant_id)
    if merchant.state == target:
        return merchant
    before = merchant.state
    rules.check_transition(MerchantState(before), target)
    merchant.state = target
    merchant.state_reason = reason[:200]
    merchant.state_changed_at = clock.now()
    merchant.save(update_fields=["state", "state_reason", "state_changed_at"])
    record(
        action=f"merchant.{target.value.lower()}",
        actor=actor,
        target=f"merchant:{merchant.id}",
        purpose=reason,
        before={"state": before},
        after={"state": merchant.state},
    )
    announce_change()
    return merchant
