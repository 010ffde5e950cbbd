"""Find out who stands behind a wallet: a new person, or one with other wallets."""

from datetime import datetime

from django.db import IntegrityError, transaction

from config.kernel import clock, transactions
from config.kernel.limits.rules import of_day, of_year
from config.kernel.names import fits_name
from wallet.accounts import queries
from wallet.accounts.models import LimitUsage, Person, WalletUser

_SUMS = ("lifetime_minor", "reserved_minor")
_DAY_SUMS = ("day_no_pin_minor", "day_pin_minor", "day_offline_minor", "day_static_minor")


def verify_person(*, user: WalletUser, digest: str, legal_name: str, at: datetime) -> str | None:
    """Give a locked wallet the person whose identity number was verified.

    One number is one person: a second wallet joins the first one's person, what both have
    used is added up, and from then on they share the limits. Part of the caller's
    transaction.

    Args:
        user: the wallet, locked.
        digest: the keyed digest of the identity number.
        legal_name: as verified.
        at: now.

    Returns:
        Why it cannot be, or None: `identity_differs` (the wallet is another person's),
        `name_differs` (the number is verified under another name), `kyc_suspended`
        (another wallet of the person is suspended).

    Locks: both persons' limit usage in id order, then the persons.
    """
    transactions.require()
    person = user.person
    if person.identity_digest not in {None, digest}:
        return "identity_differs"
    if person.verified_at is not None and not fits_name(legal_name, person.legal_name):
        return "identity_differs"
    if person.identity_digest == digest:
        return None
    registered = Person.objects.filter(identity_digest=digest).first()
    if registered is None:
        try:
            with transaction.atomic():
                _name(person, digest, legal_name, at)
        except IntegrityError:
            # The same number was verified for another wallet in this very moment.
            registered = Person.objects.get(identity_digest=digest)
    if registered is None:
        return None
    if not fits_name(legal_name, registered.legal_name):
        return "name_differs"
    if queries.is_suspended(registered.id):
        return "kyc_suspended"
    _join(user, registered, at)
    return None


def _name(person: Person, digest: str, legal_name: str, at: datetime) -> None:
    person.identity_digest, person.verified_at = digest, at
    if not person.legal_name:
        person.legal_name = legal_name
    person.save(update_fields=["identity_digest", "verified_at", "legal_name"])


def _join(user: WalletUser, person: Person, at: datetime) -> None:
    """Move all wallets of the wallet's person to the known one and add the sums up.

    The emptied row goes: who waits for its lock finds nothing and looks again.
    """
    other = user.person
    rows = LimitUsage.objects.select_for_update().filter(person_id__in=[person.id, other.id])
    usages = {row.person_id: row for row in rows.order_by("person_id")}
    _add_up(usages[person.id], usages[other.id], at)
    queries.wallets_of_person(other.id).update(person=person)
    usages[other.id].delete()
    other.delete()
    user.person = person


def _add_up(usage: LimitUsage, other: LimitUsage, at: datetime) -> None:
    today = clock.house_day(at)
    year, day = max(usage.year, other.year, today.year), max(usage.day, other.day, today)
    for counter in _SUMS:
        setattr(usage, counter, getattr(usage, counter) + getattr(other, counter))
    usage.year_minor = sum(
        of_year(row.year_minor, year=row.year, this_year=year) for row in (usage, other)
    )
    for counter in _DAY_SUMS:
        both = (of_day(getattr(row, counter), day=row.day, today=day) for row in (usage, other))
        setattr(usage, counter, sum(both))
    usage.year, usage.day = year, day
    usage.save()
