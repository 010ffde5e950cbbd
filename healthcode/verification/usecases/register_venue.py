"""Register venues; change the code on the wall."""

import uuid
from datetime import datetime, time, timedelta

from config.kernel import clock, transactions
from config.kernel.audit import chain
from healthcode.rules.values import Colour
from healthcode.verification import rules
from healthcode.verification.models import Venue, VenuePolicy
from healthcode.verification.rules import new_nonce
from healthcode.verification.usecases.change_policy import change_policy

DEFAULT_POLICY = "Green only"


@transactions.atomic_retry
def register_venue(
    *,
    name: str,
    region: str,
    address: str = "",
    policy_name: str = DEFAULT_POLICY,
    capacity: int | None = None,
    rotate_every_min: int | None = None,
    closes_at: time | None = None,
) -> Venue:
    """Register a venue under a policy, which is made green-only if it is not known yet."""
    policy = VenuePolicy.objects.filter(name=policy_name).first()
    if policy is None:
        policy = change_policy(name=policy_name, admits=[Colour.GREEN.value], actor="system:health")
    return Venue.objects.create(
        name=name,
        region=region,
        address=address,
        policy=policy,
        code_nonce=new_nonce(),
        capacity=capacity,
        rotate_every_min=rotate_every_min,
        closes_at=closes_at,
        rotate_at=_next_rotation(rotate_every_min),
    )


@transactions.atomic_retry
def rotate_venue_code(*, venue_id: uuid.UUID, actor: str = "system:health") -> Venue:
    """Put a new code on the wall; photographs of the old one stop working at once.

    Raises:
        Venue.DoesNotExist: there is no such venue.

    Locks: the venue.
    """
    venue = Venue.objects.select_for_update().get(id=venue_id)
    _renew(venue, former_good=timedelta(0))
    chain.record(
        action="health.rotate_venue_code", actor=actor, target=f"venue:{venue.id}",
        after={"version": venue.code_version},
    )  # fmt: skip
    return venue


@transactions.atomic_retry
def rotate_due_codes(*, now: datetime) -> int:
    """Renew the codes on screens whose minutes are over. Returns how many."""
    due = Venue.objects.select_for_update(skip_locked=True).filter(rotate_at__lte=now)
    venues = list(due.order_by("rotate_at", "id")[:200])
    for venue in venues:
        _renew(venue, former_good=rules.FORMER_GOOD)
    return len(venues)


def _renew(venue: Venue, *, former_good: timedelta) -> None:
    venue.former_nonce = venue.code_nonce
    venue.former_until = clock.now() + former_good
    venue.code_version += 1
    venue.code_nonce = new_nonce()
    venue.rotate_at = _next_rotation(venue.rotate_every_min)
    venue.save()


def _next_rotation(every_min: int | None) -> datetime | None:
    return clock.now() + timedelta(minutes=every_min) if every_min else None
