"""Close a till."""

import uuid

from config.kernel import transactions
from config.kernel.audit.chain import record
from merchants.onboarding import queries
from merchants.onboarding.models import Till
from merchants.onboarding.usecases.announce_change import announce_change
from merchants.onboarding.values import PlaceState


@transactions.atomic_retry
def close_till(*, till_id: uuid.UUID, owner_id: uuid.UUID) -> Till:
    """Close a till. Again changes nothing.

    Raises:
        queries.TillNotFound: there is no such till, or it is somebody else's.
    """
    till = queries.till(till_id, owner_id=owner_id)
    till.state = PlaceState.CLOSED
    till.save(update_fields=["state"])
    record(
        action="till.closed",
        actor=f"user:{owner_id}",
        target=f"till:{till.id}",
        purpose="closed by its owner",
    )
    announce_change()
    return till
