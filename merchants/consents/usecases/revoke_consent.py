"""A person takes back what they allowed an app."""

import uuid

from config.kernel import clock, transactions
from config.kernel.audit.chain import record
from config.kernel.outbox import writes as outbox
from merchants.consents import rules
from merchants.consents.models import Grant


@transactions.atomic_retry
def revoke_consent(*, grant_id: uuid.UUID, user_id: uuid.UUID) -> Grant:
    """End a consent or a mandate, and with it every token of it. Again changes nothing.

    The app is told.

    Raises:
        rules.GrantNotFound: there is none, or it is somebody else's.

    Locks: the consent.
    """
    rows = Grant.objects.select_for_update(of=("self",)).select_related("app")
    grant = rows.filter(id=grant_id, user_id=user_id).first()
    if grant is None:
        raise rules.GrantNotFound()
    if grant.revoked_at is None:
        grant.revoked_at = clock.now()
        grant.save(update_fields=["revoked_at"])
        grant.tokens.filter(revoked_at__isnull=True).update(revoked_at=grant.revoked_at)
        record(
            action="consent.revoked",
            actor=f"user:{user_id}",
            target=f"app:{grant.app.app_number}",
            purpose="the person took it back",
            after={"kind": grant.kind},
        )
        outbox.add(
            topic="consent.revoked", aggregate_id=grant.id, payload={"grant_id": str(grant.id)}
        )
    return grant
