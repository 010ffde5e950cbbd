"""Reading venues, terminals, looks and what they add up to."""

import hashlib
import hmac
import uuid
from datetime import datetime
from typing import ClassVar

from django.db.models import Count, Q, QuerySet

from config.kernel.errors import NotFound, NotPermitted
from healthcode.verification.models import CheckIn, Look, Terminal, Venue
from healthcode.verification.rules import VenueCodeOutdated, read_venue_code, venue_code
from healthcode.verification.values import VenueCodeParts


class TerminalUnregistered(NotPermitted):
    """Whoever asks is no terminal of ours, or not any more. Which one is not told."""

    code: ClassVar[str] = "terminal_unregistered"
    message: ClassVar[str] = "This terminal is not registered."


class VenueUnknown(NotFound):
    """There is no such venue."""

    code: ClassVar[str] = "venue_unknown"
    message: ClassVar[str] = "There is no such venue."


def secret_hash(secret: str) -> str:
    """How a terminal's secret is kept. It is random, so one round of SHA-256 will do."""
    return hashlib.sha256(secret.encode()).hexdigest()


def terminal_by(credential: str) -> Terminal | None:
    """The live terminal with this `id.secret`, or None."""
    name, _, secret = credential.partition(".")
    try:
        terminal_id = uuid.UUID(name)
    except ValueError:
        return None
    found = (
        Terminal.objects.filter(id=terminal_id, revoked_at__isnull=True, venue__active=True)
        .select_related("venue__policy")
        .first()
    )
    expected = found.secret_hash if found else ""
    same = hmac.compare_digest(expected, secret_hash(secret))
    return found if same else None


def code_of(venue: Venue) -> str:
    """The code on a venue's wall."""
    return venue_code(VenueCodeParts(venue.id.hex.upper(), venue.code_version, venue.code_nonce))


def venue_by_code(text: str) -> Venue:
    """The venue whose present code this is.

    Raises:
        rules.VenueCodeInvalid: it is no venue's code.
        VenueUnknown: of no venue of ours.
        rules.VenueCodeOutdated: the venue has a newer one.
    """
    parts = read_venue_code(text)
    venue = (
        Venue.objects.filter(id=uuid.UUID(parts.venue), active=True)
        .select_related("policy")
        .first()
    )
    if venue is None:
        raise VenueUnknown(field="venue_code")
    if (parts.version, parts.nonce) != (venue.code_version, venue.code_nonce):
        raise VenueCodeOutdated(field="venue_code")
    return venue


def looks_of(subject_id: uuid.UUID) -> QuerySet[Look]:
    """A person's access log, newest first."""
    return Look.objects.filter(subject_id=subject_id).order_by("-id")


def occupancy(venue_id: uuid.UUID, *, since: datetime) -> int:
    """How many came in and have not gone out since a moment; never below nothing."""
    counts = CheckIn.objects.filter(venue_id=venue_id, at__gte=since).aggregate(
        came=Count("id", filter=Q(direction="IN")), went=Count("id", filter=Q(direction="OUT"))
    )
    return max(0, int(counts["came"]) - int(counts["went"]))
