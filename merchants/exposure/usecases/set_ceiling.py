"""Set how much one merchant may come to owe the platform."""

import uuid

from config.kernel import transactions
from config.kernel.approvals import targets
from config.kernel.audit.chain import record
from merchants.exposure import rules
from merchants.onboarding.models import Merchant
from merchants.onboarding.queries import merchant_for_money
from merchants.onboarding.usecases.move_merchant import merchant_target


@transactions.atomic_retry
def set_ceiling(*, merchant_id: uuid.UUID, ceiling_minor: int | None, actor: str) -> Merchant:
    """Set a merchant's own ceiling, or take it back; the same again changes nothing.

    What is owed already stays owed: a lower ceiling only stops more. Only the approval of
    two operators calls it.

    Args:
        merchant_id: the merchant.
        ceiling_minor: in minor units of its currency; None: the house's ceiling holds.
        actor: who decided, for the audit trail.

    Raises:
        MerchantNotFound: there is no such merchant.
        CeilingOutOfRange: it is negative or too high.

    Locks: the merchant's version, then the merchant.
    """
    if ceiling_minor is not None:
        rules.check_ceiling(ceiling_minor)
    targets.moved(merchant_target(merchant_id), actor=actor)
    merchant = merchant_for_money(merchant_id)
    if merchant.credit_minor == ceiling_minor:
        return merchant
    before, merchant.credit_minor = merchant.credit_minor, ceiling_minor
    merchant.save(update_fields=["credit_minor"])
    record(
        action="merchant.ceiling_set",
        actor=actor,
        target=f"merchant:{merchant.id}",
        purpose="how much the merchant may come to owe",
        before={"credit_minor": before},
        after={"credit_minor": ceiling_minor},
    )
    return merchant
