"""A user says whether deposits may be waived on their payment-trust figure."""

import uuid

from config.kernel import clock, transactions
from config.kernel.audit.chain import record
from wallet.authorisations import queries
from wallet.authorisations.models import TrustChoice
from wallet.authorisations.values import Trust, TrustConsent


@transactions.atomic_retry
def choose_consent(*, user_id: uuid.UUID, consent: TrustConsent) -> Trust:
    """Keep what a user says; again changes nothing.

    Deposits that are waived already stay as they are; the figure, payments and everything
    else do not change.

    Args:
        user_id: whose figure.
        consent: GIVEN or WITHDRAWN.

    Locks: the choice.
    """
    TrustChoice.objects.get_or_create(user_id=user_id)
    row = TrustChoice.objects.select_for_update().get(user_id=user_id)
    if row.consent != consent:
        before, row.consent, row.changed_at = row.consent, consent, clock.now()
        row.save(update_fields=["consent", "changed_at"])
        record(
            action="trust.consent_changed",
            actor=f"user:{user_id}",
            target=f"user:{user_id}",
            purpose="waiving deposits on the payment-trust figure",
            before={"consent": before},
            after={"consent": consent.value},
        )
    return queries.trust_of(user_id)
