"""Close a merchant for good."""

import uuid

from config.kernel import transactions
from merchants.onboarding.models import App, Merchant, Store, Till
from merchants.onboarding.usecases.move_merchant import move_merchant
from merchants.onboarding.values import AppState, MerchantState, PlaceState


@transactions.atomic_retry
def close_merchant(*, merchant_id: uuid.UUID, actor: str, reason: str) -> Merchant:
    """End a merchant for good: its apps, stores and tills close with it.

    Money already owed is still settled and paid out; the accounts stay open for it.

    Raises:
        queries.MerchantNotFound: there is no such merchant.

    Locks: the merchant.
    """
    merchant = move_merchant(merchant_id, MerchantState.CLOSED, actor=actor, reason=reason)
    App.objects.filter(merchant=merchant).update(state=AppState.DISABLED)
    Store.objects.filter(merchant=merchant).update(state=PlaceState.CLOSED)
    Till.objects.filter(merchant=merchant).update(state=PlaceState.CLOSED)
    return merchant
