"""Write a note about a customer down."""

import uuid

from config.kernel import transactions
from config.kernel.actors import operator_actor
from config.kernel.audit import chain as audit
from wallet.accounts import queries
from wallet.accounts.models import CustomerNote


@transactions.atomic_retry
def write_note(*, user_id: uuid.UUID, author: str, text: str) -> CustomerNote:
    """Keep what an operator has to say of a customer; the audit log keeps that it was said.

    Args:
        user_id: of whom.
        author: operator's login name.
        text: at most 500 characters, as it was typed.

    Raises:
        UserUnknown: there is no such user.

    Locks: the user, then the audit chain.
    """
    user = queries.locked_user(user_id)
    note = CustomerNote.objects.create(user=user, author=author, text=text)
    audit.record(
        action="accounts.note",
        actor=operator_actor(author),
        target=f"user:{user.user_number}",
        after={"note": str(note.id)},
    )
    return note
