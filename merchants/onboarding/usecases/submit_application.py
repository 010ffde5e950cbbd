"""Submit the draft of an application."""

import uuid

from config.kernel import clock, transactions
from merchants.onboarding import queries, rules
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.apply_for_merchant import record_by_owner
from merchants.onboarding.values import MerchantState


@transactions.atomic_retry
def submit_application(*, merchant_id: uuid.UUID) -> Merchant:
    """Hand a draft to the operators; a submitted one stays as it is.

    Raises:
        queries.MerchantNotFound: there is no such merchant.
        rules.MerchantStateForbids: it is already decided.

    Locks: the merchant.
    """
    merchant = queries.merchant_for_update(merchant_id)
    if merchant.state == MerchantState.SUBMITTED:
        return merchant
    rules.check_transition(MerchantState(merchant.state), MerchantState.SUBMITTED)
    merchant.state = MerchantState.SUBMITTED
    merchant.state_changed_at = clock.now()
    merchant.save(update_fields=["state", "state_changed_at"])
    record_by_owner("merchant.submitted", merchant, after={"state": merchant.state})
    return merchant
