"""Tell every process that what it remembers of apps and merchants may have changed."""

import uuid

from config.kernel import transactions
from merchants.onboarding import queries
from merchants.onboarding.models import CredentialsChange


def announce_change() -> None:
    """Leave a new mark with the caller's change, and forget here what is remembered.

    Forgotten twice: now, for the caller's own eyes, and once everybody can see the change.

    Raises:
        InvariantBroken: there is no transaction to be part of.

    Locks: the mark, until the caller's transaction ends; take it last.
    """
    transactions.require()
    CredentialsChange.objects.bulk_create(
        [CredentialsChange(id=1, mark=uuid.uuid4())],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["mark"],
    )
    queries.forget_credentials()
    transactions.on_commit(queries.forget_credentials)
