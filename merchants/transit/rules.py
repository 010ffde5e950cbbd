"""Rules of transit: what is signed, what a gate's word is worth, fares. Pure."""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from config.kernel.errors import Conflict, InvalidRequest, NotFound, Refused
from merchants.transit.values import Direction, Fares

LIFE: Final = timedelta(hours=24)
CAP_MINOR: Final = 50_00
SKEW: Final = timedelta(minutes=2)
CLONE_WINDOW: Final = timedelta(seconds=60)
LONGEST_RIDE: Final = timedelta(hours=4)
LATEST_UPLOAD: Final = timedelta(days=7)
RETRY: Final = timedelta(days=1)
KEY_BYTES: Final = 32
_SERIAL: Final = re.compile(r"[0-9A-Za-z._:-]{1,64}", re.ASCII)


class TransitKeyUnfit(InvalidRequest):
    """A phone's key is an Ed25519 public key, 32 bytes in base64."""

    code = "transit_key_unfit"
    message = "Give the phone's Ed25519 public key, 32 bytes in base64."


class GateUnknown(NotFound):
    """There is no such gate of the caller's."""

    code = "gate_unknown"
    message = "There is no such gate."


class GateSerialInvalid(InvalidRequest):
    """A gate's serial number is 1 to 64 letters, digits, `.`, `_`, `:` or `-`."""

    code = "gate_serial_invalid"
    message = "A serial number has 1 to 64 letters, digits, points, colons, underscores or hyphens."


class GateTaken(Conflict):
    """A gate with this serial number is at another station, or another operator's."""

    code = "gate_taken"
    message = "A gate with this serial number is registered already."


class ArrearsFirst(Refused):
    """Who owes for a ride gets no new certificate."""

    code = "arrears_first"
    message = "Repay what is owed before a new certificate."


class WalletNotInUse(Refused):
    """A frozen or closed wallet pays no rides."""

    code = "wallet_not_in_use"
    message = "This wallet pays no rides now."


class FaresInvalid(InvalidRequest):
    """Fares are not negative, and the most covers the base."""

    code = "fares_invalid"
    message = "The base is above zero, and the maximum at least the base."


def public_key(text: str) -> bytes:
    """Read a phone's public key.

    Raises:
        TransitKeyUnfit: it is none.
    """
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise TransitKeyUnfit(field="public_key") from error
    if len(raw) != KEY_BYTES:
        raise TransitKeyUnfit(field="public_key")
    return raw


def check_fares(fares: Fares) -> None:
    """Check an operator's fares.

    Raises:
        FaresInvalid: they make no sense.
    """
    if not (0 < fares.base_minor <= fares.maximum_minor and fares.stop_minor >= 0):
        raise FaresInvalid(field="fares")


def certificate_text(facts: Mapping[str, object]) -> bytes:
    """What the issuer signs: one line a fact, in this order."""
    names = ("id", "public_key", "cap_minor", "not_before", "not_after")
    return "\n".join(("saoma-transit-1", *(str(facts[name]) for name in names))).encode()


def tap_text(
    *, certificate: str, gate: str, direction: Direction, at: datetime, count: int
) -> bytes:
    """What a phone signs at a gate: which certificate, where, which way, when, its how manieth."""
    parts = ("saoma-tap-1", certificate, gate, direction.value, at.isoformat(), str(count))
    return "\n".join(parts).encode()


def is_signed(raw_key: bytes, text: bytes, signature: str) -> bool:
    """Whether a key signed a text; false for a signature that cannot be read, too."""
    try:
        Ed25519PublicKey.from_public_bytes(raw_key).verify(base64.b64decode(signature), text)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def fault_of_time(at: datetime, *, not_before: datetime, not_after: datetime, now: datetime) -> str:
    """Why a tap's time cannot be believed; empty where it can."""
    if at > now + SKEW:
        return "clock_skew"
    if at < now - LATEST_UPLOAD:
        return "too_late"
    if not not_before - SKEW <= at <= not_after + SKEW:
        return "certificate_expired"
    return ""


def fare(fares: Fares, *, entry_stop: int, exit_stop: int) -> int:
    """What a ride between two stations costs, in minor units."""
    distance = abs(exit_stop - entry_stop)
    return min(fares.maximum_minor, fares.base_minor + fares.stop_minor * distance)


def check_serial(serial: str) -> None:
    """Refuse what stands on no gate.

    Raises:
        GateSerialInvalid: so it is.
    """
    if _SERIAL.fullmatch(serial) is None:
        raise GateSerialInvalid(field="serial")
