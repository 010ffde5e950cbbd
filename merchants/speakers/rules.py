"""Rules of orders by voice: whose word counts, which way an order goes, for how long. Pure.

A voice is no proof of who spoke. What it may do alone is what the owner agreed to with the
PIN: so much each time, so much a day. Above that another device of the owner's decides.
"""

from datetime import datetime, timedelta
from typing import Final

from config.kernel.errors import (
    Conflict,
    InvalidRequest,
    NotFound,
    NotPermitted,
    Refused,
    Unauthenticated,
)
from config.kernel.limits.rules import declare, rest
from config.kernel.limits.values import Limit, Period
from merchants.faces.rules import is_signed
from merchants.speakers.values import Spoken, Voice, Way

SKEW: Final = timedelta(seconds=60)
TO_CONFIRM: Final = timedelta(minutes=5)
MOST_DAILY_MINOR: Final = 500_00

# What goes beyond it is not refused: it asks the owner's phone.
SPOKEN_DAY: Final = declare(
    Limit(
        name="speakers.spoken_day",
        whose="speaker",
        period=Period.DAY,
        lock="speakers_speaker",
        refuse=None,
        counter="day_minor",
    )
)


class SpeakerUnbound(NotPermitted):
    """No owner has bound this device, or its owner has taken that back."""

    code = "speaker_unbound"
    message = "This speaker is bound to nobody."


class SpeakerNotFound(NotFound):
    """There is no such speaker, or it is somebody else's."""

    code = "speaker_not_found"
    message = "There is no such speaker."


class SpeakerConflict(Conflict):
    """The device is bound already, in another way."""

    code = "speaker_conflict"
    message = "This speaker is bound already; release it first."


class SpokenForged(Unauthenticated):
    """The device's key did not sign this."""

    code = "voice_signature_invalid"
    message = "The speaker did not sign this order."


class SpokenStale(InvalidRequest):
    """It was not spoken just now."""

    code = "voice_order_stale"
    message = "The order was not spoken in the last minute."


class SpokenReplayed(Conflict):
    """The request has been taken in; `state` says where its order stands."""

    code = "voice_order_replayed"
    message = "This request was spoken before."


class VoiceAboveCap(Refused):
    """A voice that is not an adult's asks for more than the caps allow."""

    code = "voice_above_cap"
    message = "This voice may order within the agreed caps alone."


class CapMissing(Refused):
    """The agreement has no cap for one payment, so that a voice could spend all of it."""

    code = "agreement_without_cap"
    message = "A speaker needs an agreement in force with a cap for each payment."


def signed_text(spoken: Spoken) -> bytes:
    """What a speaker signs: one line a fact, in this order."""
    facts = (
        "saoma-voice-1",
        str(spoken.speaker_id),
        spoken.request_no,
        spoken.subject,
        spoken.amount,
        spoken.voice.value,
        spoken.spoken_at.isoformat(),
    )
    return "\n".join(facts).encode() + b"\n"


def check_signature(spoken: Spoken, *, public_key: str) -> None:
    """Check that a speaker signed what it is said to have heard.

    Raises:
        SpokenForged: it did not.
    """
    if not is_signed(signed_text(spoken), spoken.signature, public_key=public_key):
        raise SpokenForged(field="signature")


def check_fresh(spoken_at: datetime, *, at: datetime) -> None:
    """Check that an order was spoken just now.

    Raises:
        SpokenStale: it was not, or its time has no zone.
    """
    if spoken_at.tzinfo is None or abs(at - spoken_at) > SKEW:
        raise SpokenStale(field="spoken_at")


def way(
    voice: Voice, amount_minor: int, *, single_minor: int, daily_minor: int, spent_minor: int
) -> Way:
    """Decide which way an order goes.

    Args:
        voice: whom the speaker took it for.
        amount_minor: what it costs.
        single_minor: the agreement's cap for each payment.
        daily_minor: the speaker's cap for a day.
        spent_minor: what it has spent of that today, read under its lock.

    Raises:
        VoiceAboveCap: it is more than the caps allow, and no adult's voice.
    """
    left_minor = rest(used=spent_minor, ceiling=daily_minor) or 0
    if amount_minor <= min(single_minor, left_minor):
        return Way.AGREEMENT
    if voice is not Voice.ADULT:
        raise VoiceAboveCap(single_minor=single_minor, left_minor=left_minor)
    return Way.PHONE
