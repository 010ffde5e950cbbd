"""Amend the draft of an application."""

import uuid

from config.kernel import transactions
from merchants.onboarding import queries, rules
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.apply_for_merchant import (
    Application,
    check_application,
    columns_of,
    record_by_owner,
)
from merchants.onboarding.values import MerchantState


@transactions.atomic_retry
def amend_application(*, merchant_id: uuid.UUID, application: Application) -> Merchant:
    """Replace what a draft says.

    Raises:
        queries.MerchantNotFound: there is no such merchant.
        rules.MerchantStateForbids: it is no draft any more.
        FieldInvalid: `field` names what is wrong.

    Locks: the merchant.
    """
    check_application(application)
    merchant = queries.merchant_for_update(merchant_id)
    if merchant.state != MerchantState.DRAFT:
        raise rules.MerchantStateForbids(state=merchant.state, wanted=MerchantState.DRAFT.value)
    columns = columns_of(application)
    for name, value in columns.items():
        setattr(merchant, name, value)
    merchant.save(update_fields=list(columns))
    record_by_owner("merchant.amended", merchant, after=dict(columns))
    return merchant
