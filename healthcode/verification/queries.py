"""Reading venues, terminals, access logs and what they add up to."""

import hashlib
import hmac
import uuid
from datetime import datetime, time
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric import ec
from django.db.models import Count, QuerySet

from config.kernel.errors import NotFound, NotPermitted
from healthcode.codec.cose import ES256, is_signature
from healthcode.subjects.rules import ZONE, local_day
from healthcode.verification.models import (
    AccessLogEntry,
    CheckIn,
    Inside,
    Terminal,
    TerminalInvite,
    Venue,
    Verification,
)
from healthcode.verification.rules import VenueCodeOutdated, read_venue_code, venue_code
from healthcode.verification.values import PROVEN, Method, VenueCodeParts


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
    terminal = (
        Terminal.objects.filter(id=terminal_id, revoked_at__isnull=True, venue__active=True)
        .select_related("venue__policy")
        .first()
    )
    expected = terminal.secret_hash if terminal else ""
    same = hmac.compare_digest(expected, secret_hash(secret))
    return terminal if same else None


def code_of(venue: Venue) -> str:
    """The code on a venue's wall."""
    return venue_code(VenueCodeParts(venue.id.hex.upper(), venue.code_version, venue.code_nonce))


def venue_by_code(text: str, *, at: datetime) -> Venue:
    """The venue whose code this is: the present one, or the one before for a moment.

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
    if not _is_good(venue, parts, at):
        raise VenueCodeOutdated(field="venue_code")
    return venue


def _is_good(venue: Venue, parts: VenueCodeParts, at: datetime) -> bool:
    if (parts.version, parts.nonce) == (venue.code_version, venue.code_nonce):
        return True
    former = (venue.code_version - 1, venue.former_nonce)
    in_time = venue.former_until is not None and at < venue.former_until
    return in_time and (parts.version, parts.nonce) == former


def access_log_of(subject_id: uuid.UUID) -> QuerySet[AccessLogEntry]:
    """A person's access log, newest first."""
    return AccessLogEntry.objects.filter(subject_id=subject_id).order_by("-id")


def check_ins_of(subject_id: uuid.UUID) -> QuerySet[CheckIn]:
    """A person's check-ins, newest first."""
    return CheckIn.objects.filter(subject_id=subject_id).select_related("venue").order_by("-id")


def occupancy(venue_id: uuid.UUID, *, at: datetime, proven: bool = False) -> int:
    """How many people are at a venue; with `proven` only those whom its staff or gate saw."""
    rows = Inside.objects.filter(venue_id=venue_id, forget_at__gt=at)
    return rows.filter(presence__in=PROVEN).count() if proven else rows.count()


def midnight_before(at: datetime) -> datetime:
    """The first moment of the day in which `at` lies, where the programme runs."""
    return datetime.combine(local_day(at), time(), tzinfo=ZONE)


def verdicts_at(venue_id: uuid.UUID, *, since: datetime) -> dict[str, int]:
    """What the terminals of a venue made of codes since a moment: verdicts and how often."""
    rows = Verification.objects.filter(terminal__venue_id=venue_id, at__gte=since)
    counted = rows.values("verdict").annotate(n=Count("id")).order_by("verdict")
    return {row["verdict"]: row["n"] for row in counted}


def live_terminals(venue_id: uuid.UUID) -> QuerySet[Terminal]:
    """A venue's terminals that may verify, oldest first."""
    return Terminal.objects.filter(venue_id=venue_id, revoked_at__isnull=True).order_by("id")


def invite_by(word: str, *, at: datetime) -> TerminalInvite | None:
    """The unused invitation with this word, locked, or None."""
    return (
        TerminalInvite.objects.select_for_update()
        .filter(word_hash=secret_hash(word), terminal__isnull=True, expires_at__gt=at)
        .first()
    )


def terminal_by_signature(
    terminal_id: uuid.UUID, signature: bytes, signed: bytes
) -> Terminal | None:
    """The live terminal of this id, if its own key made the signature."""
    terminal = (
        Terminal.objects.filter(
            id=terminal_id, revoked_at__isnull=True, venue__active=True, public_key__isnull=False
        )
        .select_related("venue__policy")
        .first()
    )
    if terminal is None or terminal.public_key is None:
        return None
    public = ec.EllipticCurvePublicKey.from_encoded_point(
        ec.SECP256R1(), bytes(terminal.public_key)
    )
    return terminal if is_signature(ES256, public, signature, signed) else None


def remote_scans(venue: Venue, *, since: datetime) -> int:
    """How often people registered in other cities scanned a venue's code by themselves."""
    scans = CheckIn.objects.filter(venue=venue, at__gt=since, method=Method.SELF)
    return scans.exclude(subject__region__startswith=venue.region[:4]).count()
