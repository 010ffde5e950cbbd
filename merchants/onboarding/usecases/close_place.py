"""Close a store or a till."""

import uuid

from config.kernel import transactions
from config.kernel.audit.chain import record
from merchants.onboarding import queries
from merchants.onboarding.models import Store, Till
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
    _tell("store.closed", f"store:{store.id}", owner_id)
    return store


@transactions.atomic_retry
def close_till(*, till_id: uuid.UUID, owner_id: uuid.UUID) -> Till:
    """Close a till. Again changes nothing.

    Raises:
        queries.TillNotFound: there is no such till, or it is somebody else's.
    """
    till = queries.till(till_id, owner_id=owner_id)
    till.state = PlaceState.CLOSED
    till.save(update_fields=["state"])
    _tell("till.closed", f"till:{till.id}", owner_id)
    return till


def _tell(action: str, target: str, owner_id: uuid.UUID) -> None:
    record(action=action, actor=f"user:{owner_id}", target=target, purpose="closed by its owner")
    queries.forget_credentials()
    transactions.on_commit(queries.forget_credentials)
