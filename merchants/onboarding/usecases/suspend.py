"""Suspend or close a merchant."""

import uuid

from config.kernel import clock, transactions
from config.kernel.audit.chain import record
from merchants.onboarding import queries, rules
from merchants.onboarding.models import App, Merchant, Store, Till
from merchants.onboarding.values import AppState, MerchantState, PlaceState


@transactions.atomic_retry
def suspend_merchant(*, merchant_uuid: uuid.UUID, actor: str, reason: str) -> Merchant:
    """Stop new payments at once; one operator may, because it protects people.

    Refunds go on, and so does what is already owed. Suspending again changes nothing.

    Raises:
        queries.MerchantNotFound: there is no such merchant.
        rules.MerchantStateForbids: it was never approved, or is closed.

    Locks: the merchant.
    """
    return _move(merchant_uuid, MerchantState.SUSPENDED, actor=actor, reason=reason)


@transactions.atomic_retry
def close_merchant(*, merchant_uuid: uuid.UUID, actor: str, reason: str) -> Merchant:
    """End a merchant for good: its apps, stores and tills close with it.

    Money already owed is still settled and paid out; the accounts stay open for it.

    Raises:
        queries.MerchantNotFound: there is no such merchant.

    Locks: the merchant.
    """
    merchant = _move(merchant_uuid, MerchantState.CLOSED, actor=actor, reason=reason)
    App.objects.filter(merchant=merchant).update(state=AppState.DISABLED)
    Store.objects.filter(merchant=merchant).update(state=PlaceState.CLOSED)
    Till.objects.filter(merchant=merchant).update(state=PlaceState.CLOSED)
    return merchant


def _move(merchant_uuid: uuid.UUID, wanted: MerchantState, *, actor: str, reason: str) -> Merchant:
    merchant = queries.merchant_for_update(merchant_uuid)
    if merchant.state == wanted:
        return merchant
    before = merchant.state
    rules.check_transition(MerchantState(before), wanted)
    merchant.state = wanted
    merchant.state_reason = reason[:200]
    merchant.state_changed_at = clock.now()
    merchant.save(update_fields=["state", "state_reason", "state_changed_at"])
    record(
        action=f"merchant.{wanted.value.lower()}",
        actor=actor,
        target=f"merchant:{merchant.id}",
        purpose=reason,
        before={"state": before},
        after={"state": merchant.state},
    )
    queries.forget_credentials()
    transactions.on_commit(queries.forget_credentials)
    return merchant
