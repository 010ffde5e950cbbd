"""One key, one party: whoever offers a public key that is somebody else's is refused.

With our own key a laboratory's report would be our own word for it; with an issuer's, one body
would pass for two; with another gate's or phone's, nobody could tell who signed. All keys stand
in one table, whatever they sign and whoever holds them.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from config.kernel import transactions
from config.kernel.errors import Refused
from healthcode.codec.keys import PublicKey, fingerprint
from healthcode.decisions.models import PartyKey

OWN = "own"


class KeyOfSomebodyElse(Refused):
    """The key is ours, or another laboratory's, issuer's, region's, gate's or phone's."""

    code: ClassVar[str] = "key_of_somebody_else"
    message: ClassVar[str] = "This key is somebody else's; make one of your own."


def phone_of(owner: uuid.UUID) -> str:
    """The party that a person's phones are, by the name drawn by lot for them."""
    return f"phone:{owner}"


def check_keys(keys: Iterable[PublicKey], *, party: str, field: str) -> None:
    """Check that nobody else has any of these keys; `claim_keys` says so for good.

    Raises:
        KeyOfSomebodyElse: somebody has.
    """
    names = [fingerprint(key) for key in keys]
    if PartyKey.objects.filter(fingerprint__in=names).exclude(party=party).exists():
        raise KeyOfSomebodyElse(field=field)


@transactions.atomic_retry
def claim_keys(
    keys: Iterable[PublicKey], *, party: str, field: str, until: datetime | None = None
) -> None:
    """Write down whose keys these are; again changes nothing.

    Args:
        party: whose, as `kind:name`.
        field: what of the request brought them.
        until: from when on a phone's key may be another's; a body's key never is.

    Raises:
        KeyOfSomebodyElse: another party has one of them, or claims it at this moment.

    Locks: the keys' rows, in order.
    """
    names = sorted({fingerprint(key) for key in keys})
    holders: dict[str, str] = {}
    while len(holders) < len(names):
        # A row that lapses between the two statements is written once more.
        rows = [PartyKey(fingerprint=name, party=party, free_at=until) for name in names]
        PartyKey.objects.bulk_create(rows, ignore_conflicts=True)
        locked = PartyKey.objects.select_for_update().order_by("fingerprint")
        holders = dict(locked.filter(fingerprint__in=names).values_list("fingerprint", "party"))
    if any(holder != party for holder in holders.values()):
        raise KeyOfSomebodyElse(field=field)
    if until is not None:
        PartyKey.objects.filter(fingerprint__in=names, free_at__lt=until).update(free_at=until)
