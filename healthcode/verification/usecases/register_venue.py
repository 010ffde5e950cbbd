"""Register venues and their terminals; change the code on the wall."""

import secrets
import uuid

from config.kernel import transactions
from config.kernel.audit import chain
from healthcode.rules.values import Colour
from healthcode.verification.models import Terminal, Venue, VenuePolicy
from healthcode.verification.queries import secret_hash
from healthcode.verification.rules import new_nonce

DEFAULT_POLICY = "Green only"


@transactions.atomic_retry
def register_venue(
    *, name: str, region: str, address: str = "", policy_name: str = DEFAULT_POLICY
) -> Venue:
    """Register a venue under a policy, which is made green-only if it is not known yet."""
    policy, _ = VenuePolicy.objects.get_or_create(
        name=policy_name, defaults={"admits": [Colour.GREEN.value]}
    )
    return Venue.objects.create(
        name=name, region=region, address=address, policy=policy, code_nonce=new_nonce()
    )


@transactions.atomic_retry
def register_terminal(*, venue_id: uuid.UUID, label: str, actor: str) -> tuple[Terminal, str]:
    """Register a terminal; its secret is given once and kept as a hash.

    Returns:
        the terminal and its credential, `id.secret`.
    """
    secret = secrets.token_urlsafe(32)
    terminal = Terminal.objects.create(
        venue_id=venue_id, label=label, secret_hash=secret_hash(secret)
    )
    chain.record(action="health.register_terminal", actor=actor, target=f"terminal:{terminal.id}")
    return terminal, f"{terminal.id}.{secret}"


@transactions.atomic_retry
def rotate_venue_code(*, venue_id: uuid.UUID) -> Venue:
    """Put a new code on the wall; photographs of the old one stop working.

    Raises:
        Venue.DoesNotExist: there is no such venue.

    Locks: the venue.
    """
    venue = Venue.objects.select_for_update().get(id=venue_id)
    venue.code_version += 1
    venue.code_nonce = new_nonce()
    venue.save(update_fields=["code_version", "code_nonce"])
    return venue
