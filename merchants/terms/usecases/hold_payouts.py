"""Hold a merchant's payouts, and let them go again."""

import uuid

from config.kernel import clock, transactions
from config.kernel.approvals import targets
from config.kernel.audit.chain import record
from merchants.onboarding.queries import merchant_for_money
from merchants.onboarding.usecases.move_merchant import merchant_target
from merchants.terms import queries, rules
from merchants.terms.models import PayoutHold


@transactions.atomic_retry
def hold_payouts(*, merchant_uuid: uuid.UUID, reason: str, actor: str) -> PayoutHold:
    """Stop a merchant's payouts that are not with the bank yet. One operator may, for safety.

    Raises:
        MerchantNotFound: there is no such merchant.
        rules.HoldPlaced: they are on hold already.

    Locks: the merchant's version, then the merchant.
    """
    targets.moved(merchant_target(merchant_uuid), actor=actor)
    merchant = merchant_for_money(merchant_uuid)
    if queries.live_hold(merchant.id) is not None:
        raise rules.HoldPlaced()
    hold = PayoutHold.objects.create(merchant=merchant, reason=reason[:200], placed_by=actor)
    record(
        action="merchant.payouts_held",
        actor=actor,
        target=f"merchant:{merchant.id}",
        purpose=reason[:200],
        after={"hold": str(hold.id)},
    )
    return hold


@transactions.atomic_retry
def lift_hold(*, merchant_uuid: uuid.UUID, actor: str) -> PayoutHold:
    """Let a merchant's payouts go again. Only an approval calls it.

    Raises:
        MerchantNotFound: there is no such merchant.
        rules.HoldNotFound: they are not on hold.

    Locks: the merchant's version, then the merchant.
    """
    targets.moved(merchant_target(merchant_uuid), actor=actor)
    merchant = merchant_for_money(merchant_uuid)
    hold = queries.live_hold(merchant.id)
    if hold is None:
        raise rules.HoldNotFound()
    hold.lifted_at, hold.lifted_by = clock.now(), actor
    hold.save(update_fields=["lifted_at", "lifted_by"])
    record(
        action="merchant.payout_hold_lifted",
        actor=actor,
        target=f"merchant:{merchant.id}",
        after={"hold": str(hold.id)},
    )
    return hold
