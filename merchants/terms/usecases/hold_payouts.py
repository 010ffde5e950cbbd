"""Hold a merchant's payouts, and let them go again."""

import uuid

from config.kernel import clock, transactions
from config.kernel.approvals import targets
from config.kernel.audit.chain import record
from merchants.onboarding.models import Merchant
from merchants.onboarding.queries import merchant_for_money
from merchants.onboarding.usecases.move_merchant import merchant_target
from merchants.terms import queries, rules
from merchants.terms.models import PayoutHold

REASON_CHARACTERS = 200


@transactions.atomic_retry
def hold_payouts(*, merchant_id: uuid.UUID, reason: str, actor: str) -> PayoutHold:
    """Stop a merchant's payouts that are not with the bank yet. One operator may, for safety.

    Raises:
        MerchantNotFound: there is no such merchant.
        rules.HoldPlaced: an operator holds them already.

    Locks: the merchant's version, then the merchant.
    """
    targets.moved(merchant_target(merchant_id), actor=actor)
    merchant = merchant_for_money(merchant_id)
    if queries.hold_by_hand(merchant.id) is not None:
        raise rules.HoldPlaced()
    reason = reason[:REASON_CHARACTERS]
    hold = PayoutHold.objects.create(merchant=merchant, reason=reason, placed_by=actor)
    record(
        action="merchant.payouts_held",
        actor=actor,
        target=f"merchant:{merchant.id}",
        purpose=reason,
        after={"hold": str(hold.id)},
    )
    return hold


def hold_for_case(*, payee_id: uuid.UUID, case_id: uuid.UUID, reason: str, actor: str) -> bool:
    """Stop a merchant's payouts for a risk case; the same again changes nothing.

    Part of the caller's transaction. Gives whether they are held for it now: a payee that is
    no merchant has no payouts.
    """
    transactions.require()
    if not Merchant.objects.filter(id=payee_id).exists():
        return False
    PayoutHold.objects.get_or_create(
        merchant_id=payee_id,
        case_id=case_id,
        lifted_at=None,
        defaults={"reason": reason[:REASON_CHARACTERS], "placed_by": actor},
    )
    return True


@transactions.atomic_retry
def lift_hold(*, merchant_id: uuid.UUID, actor: str) -> PayoutHold:
    """Lift what an operator holds; only an approval calls it. A risk case's hold stays.

    Raises:
        MerchantNotFound: there is no such merchant.
        rules.HoldNotFound: no operator holds its payouts.

    Locks: the merchant's version, then the merchant.
    """
    targets.moved(merchant_target(merchant_id), actor=actor)
    merchant = merchant_for_money(merchant_id)
    return _lift(queries.hold_by_hand(merchant.id), actor=actor)


@transactions.atomic_retry
def release_payouts(*, hold_id: uuid.UUID, actor: str, reason: str) -> PayoutHold:
    """Lift the hold of a risk case; only an approval calls it. Every other hold stays.

    Raises:
        rules.HoldNotFound: it was lifted, or never was.

    Locks: the hold's version, then the hold.
    """
    targets.moved(hold_target(hold_id), actor=actor)
    rows = queries.live_holds().filter(id=hold_id, case_id__isnull=False)
    return _lift(rows.select_for_update().first(), actor=actor, reason=reason)


def hold_target(hold_id: uuid.UUID) -> str:
    """A risk case's hold as approvals name it."""
    return f"payout_hold:{hold_id}"


def _lift(hold: PayoutHold | None, *, actor: str, reason: str = "") -> PayoutHold:
    if hold is None:
        raise rules.HoldNotFound()
    hold.lifted_at, hold.lifted_by = clock.now(), actor
    hold.save(update_fields=["lifted_at", "lifted_by"])
    record(
        action="merchant.payout_hold_lifted",
        actor=actor,
        target=f"merchant:{hold.merchant_id}",
        purpose=reason,
        after={"hold": str(hold.id)},
    )
    return hold
