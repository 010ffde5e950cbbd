"""What a gate makes of a code, and how a venue's own code is written. Pure."""

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta, tzinfo
from typing import ClassVar

from config.kernel.errors import (
    Conflict,
    Gone,
    InvalidRequest,
    NotFound,
    NotPermitted,
    RateLimited,
    Refused,
    SaomaError,
    Unauthenticated,
)
from healthcode.codec import sh1
from healthcode.codec.cose import HEADER_MALFORMED
from healthcode.codec.errors import CertificateRefused, Stage
from healthcode.rules.values import Colour
from healthcode.verification.values import VenueCodeParts, Verdict

DAY = timedelta(days=1)
SUBJECT_KEPT = timedelta(hours=24)
VERIFICATION_KEPT = timedelta(days=180)
CHECKIN_KEPT = timedelta(days=14)
ACCESS_LOG_KEPT = timedelta(days=28)
# Whoever forgot to check out is taken to have left by then.
STAYS_AT_MOST = timedelta(hours=12)
# The same scan twice in a breath is one check-in.
ONCE_WITHIN = timedelta(seconds=60)
# A code on a screen is good for so long after the next one has come up.
FORMER_GOOD = timedelta(seconds=60)
INVITE_LIFE = timedelta(minutes=15)
# Numbers that a terminal may look up without a card in its reader: enough for those whose phone
# is empty, too few to find out who is who. Unknown numbers are guesses, and fewer.
LOOKUPS_AT_ONCE, LOOKUPS_WITHIN = 20, timedelta(minutes=10)
LOOKUPS_A_DAY = 300
UNKNOWN_LOOKUPS, UNKNOWN_WITHIN = 10, timedelta(hours=1)
# So many scans of one venue's code within an hour by people registered in other cities,
# none of them seen by its staff, look like a photograph that goes round.
REMOTE_SCANS_AN_HOUR = 100
MAX_TEST_AGE_H = 336
VENUE_PREFIX = "SHV1"
VENUE_CODE = re.compile(r"SHV1:([0-9A-F]{32}):([0-9]{1,6}):([0-9A-F]{16})", re.ASCII)


class CodeUnreadable(InvalidRequest):
    """What was scanned is no health code."""

    code: ClassVar[str] = "code_unreadable"
    message: ClassVar[str] = "This is not a health code."


class CodeForged(Unauthenticated):
    """No trusted issuer signed this code as it stands."""

    code: ClassVar[str] = "code_forged"
    message: ClassVar[str] = "This code was not issued by us, or was altered."


class CodeExpired(Gone):
    """The code was good once."""

    code: ClassVar[str] = "code_expired"
    message: ClassVar[str] = "This code has expired; ask for a fresh one."


class CodeNotYetValid(Refused):
    """The code will be good later, or the phone's clock is ahead."""

    code: ClassVar[str] = "code_not_yet_valid"
    message: ClassVar[str] = "This code is not valid yet; the phone's clock may be ahead."


class CodeReplayed(Conflict):
    """The same show of this code was seen before."""

    code: ClassVar[str] = "code_replayed"
    message: ClassVar[str] = "This very code was shown before; ask for the live one."


class CodeRevoked(Gone):
    """The code was taken out of force."""

    code: ClassVar[str] = "code_revoked"
    message: ClassVar[str] = "This code was revoked; ask for a fresh one."


class CodeSuperseded(Gone):
    """The person stands otherwise than the code says."""

    code: ClassVar[str] = "code_superseded"
    message: ClassVar[str] = "This code is out of date; ask for a fresh one."


class CodeNotProven(Refused):
    """A code that is bound to a phone came without the phone."""

    code: ClassVar[str] = "code_not_proven"
    message: ClassVar[str] = "This code was not shown by its own phone."


class CodeIsSpecimen(Refused):
    """A code for demonstrations."""

    code: ClassVar[str] = "code_is_specimen"
    message: ClassVar[str] = "This is a specimen. It opens nothing."


ERRORS: dict[Verdict, type[SaomaError]] = {
    Verdict.UNREADABLE: CodeUnreadable,
    Verdict.FORGED: CodeForged,
    Verdict.EXPIRED: CodeExpired,
    Verdict.NOT_YET_VALID: CodeNotYetValid,
    Verdict.REPLAYED: CodeReplayed,
    Verdict.REVOKED: CodeRevoked,
    Verdict.SUPERSEDED: CodeSuperseded,
    Verdict.NOT_PROVEN: CodeNotProven,
    Verdict.SPECIMEN: CodeIsSpecimen,
}


class LookupsLimited(RateLimited):
    """A terminal has looked up more numbers than somebody at a gate would."""

    code: ClassVar[str] = "lookups_limited"
    message: ClassVar[str] = "This terminal has looked up too many numbers; wait, or read the card."


class CheckInUnknown(NotFound):
    """The person has no such check-in, or it was deleted."""

    code: ClassVar[str] = "checkin_unknown"
    message: ClassVar[str] = "There is no such check-in of yours."


class VenueCodeInvalid(InvalidRequest):
    """What was scanned is no venue's code."""

    code: ClassVar[str] = "venue_code_invalid"
    message: ClassVar[str] = "This is not a venue code."


class VenueCodeOutdated(Gone):
    """The venue has put up a newer code."""

    code: ClassVar[str] = "venue_code_outdated"
    message: ClassVar[str] = "The venue has a newer code; scan the one on the wall."


class VenueFull(Refused):
    """As many people are inside as may be."""

    code: ClassVar[str] = "venue_full"
    message: ClassVar[str] = "The venue is full; wait until somebody leaves."


class RedTakesTwo(NotPermitted):
    """One person alone lets no red codes in."""

    code: ClassVar[str] = "red_takes_two"
    message: ClassVar[str] = "Two operators decide that red codes are let in."


def check_red(admits: Sequence[str], *, actor: str, approved_by: str) -> None:
    """Check that two people stand behind a policy that lets red codes in.

    Raises:
        RedTakesTwo: nobody else has approved.
    """
    if Colour.RED in admits and approved_by in {"", actor}:
        raise RedTakesTwo(field="admits")


class PolicyUnsound(InvalidRequest):
    """A policy that cannot be applied."""

    code: ClassVar[str] = "policy_unsound"
    message: ClassVar[str] = "The policy names an unknown colour or an impossible test age."


def check_terms(
    admits: Sequence[str], max_test_age_h: int | None, test_age_by_colour: Mapping[str, object]
) -> None:
    """Check that a policy can be applied: known colours, ages of one hour to two weeks.

    Raises:
        PolicyUnsound: naming the field.
    """
    colours = {colour.value for colour in Colour}
    if not set(admits) <= colours or len(set(admits)) != len(admits):
        raise PolicyUnsound(field="admits")
    if max_test_age_h is not None and not 1 <= max_test_age_h <= MAX_TEST_AGE_H:
        raise PolicyUnsound(field="max_test_age_h")
    for colour, hours in test_age_by_colour.items():
        whole = isinstance(hours, int) and not isinstance(hours, bool)
        if colour not in admits or not whole or not 1 <= int(str(hours)) <= MAX_TEST_AGE_H:
            raise PolicyUnsound(field="test_age_by_colour")


_OF_TIME = {
    "expired": Verdict.EXPIRED,
    "presentation_stale": Verdict.EXPIRED,
    "not_yet_valid": Verdict.NOT_YET_VALID,
    "presentation_ahead": Verdict.NOT_YET_VALID,
}
_UNREADABLE = frozenset({Stage.PREFIX, Stage.ENCODING, Stage.COMPRESSION, Stage.CBOR})


def verdict_of(refused: CertificateRefused) -> Verdict:
    """What a codec's refusal means at a gate.

    What cannot be read is no accusation: a damaged print, another kind of code. Forged is what
    reads well and is signed by nobody we trust, or wears a header that no issuer writes.
    """
    if refused.stage is Stage.VALIDITY:
        return _OF_TIME.get(refused.reason, Verdict.FORGED)
    if refused.stage in _UNREADABLE and refused.reason != HEADER_MALFORMED:
        return Verdict.UNREADABLE
    return Verdict.FORGED


def admits(
    *,
    colours: Sequence[str],
    colour: str,
    max_test_age_h: int | None,
    tested_at: datetime | None,
    at: datetime,
) -> bool:
    """Whether a venue's policy lets a person in; a test of exactly the age is still good."""
    return not obstacle(
        colours=colours, colour=colour, max_test_age_h=max_test_age_h, tested_at=tested_at, at=at
    )


def obstacle(
    *,
    colours: Sequence[str],
    colour: str,
    max_test_age_h: int | None,
    tested_at: datetime | None,
    at: datetime,
) -> str:
    """What in a policy keeps a person out: `policy_colour`, `policy_test_age`, or nothing."""
    if colour not in colours:
        return "policy_colour"
    if max_test_age_h is None:
        return ""
    fresh = tested_at is not None and at - tested_at <= timedelta(hours=max_test_age_h)
    return "" if fresh else "policy_test_age"


def stay_end(since: datetime, closes_at: time | None, *, zone: tzinfo) -> datetime:
    """When somebody who came in is taken to have left, where nobody saw them leave.

    The venue's next closing time by the clock on its wall, or STAYS_AT_MOST: whichever is first.
    """
    latest = since + STAYS_AT_MOST
    if closes_at is None:
        return latest
    local = since.astimezone(zone)
    closing = datetime.combine(local.date(), closes_at, tzinfo=zone)
    if closing <= local:
        closing = datetime.combine(local.date() + timedelta(days=1), closes_at, tzinfo=zone)
    return min(latest, closing)


def new_nonce() -> str:
    """What makes a venue's code one that nobody can guess: 8 random bytes, in hex."""
    return secrets.token_hex(8).upper()


def venue_code(parts: VenueCodeParts) -> str:
    """Write a venue's code, for alphanumeric QR codes."""
    return f"{VENUE_PREFIX}:{parts.venue}:{parts.version}:{parts.nonce}"


def read_venue_code(text: str) -> VenueCodeParts:
    """Read a venue's code.

    Raises:
        VenueCodeInvalid: it is none.
    """
    match = VENUE_CODE.fullmatch(text.strip(sh1.AROUND))
    if match is None:
        raise VenueCodeInvalid(field="venue_code")
    return VenueCodeParts(match[1], int(match[2]), match[3])
