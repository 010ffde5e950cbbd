"""Close a store."""

import uuid

from config.kernel import transactions
from config.kernel.audit.chain import record
from merchants.onboarding import queries
from merchants.onboarding.models import Store, Till
from merchants.onboarding.usecases.announce_change import announce_change
from merchants.onboarding.values import PlaceState


@transactions.atomic_retry
def close_store(*, store_id: uuid.UUID, owner_id: uuid.UUID) -> Store:
    """Close a store and its tills: they take no payment any more. Again changes nothing.

    Raises:
        queries.StoreNotFound: there is no such store, or it is somebody else's.
    """
    store = queries.store(store_id, owner_id=owner_id)
    store.state = PlaceState.CLOSED
    store.save(update_fields=["state"])
    Till.objects.filter(store=store).update(state=PlaceState.CLOSED)
    record(
        action="store.closed",
        actor=f"user:{owner_id}",
        target=f"store:{store.id}",
        purpose="closed by its owner",
    )
    announce_change()
    return store
