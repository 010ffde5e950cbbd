"""Values of transit. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TransitCertificateState(StrEnum):
    """A certificate ends by itself; REVOKED says that it must not be believed before that."""

    ACTIVE = "ACTIVE"
    REVOKED = "REVOKED"


class Direction(StrEnum):
    """Which way somebody went through a gate."""

    ENTRY = "ENTRY"
    EXIT = "EXIT"


class TapState(StrEnum):
    """What became of a tap: OPEN waits for its other half; CLONED ended its certificate."""

    OPEN = "OPEN"
    PAIRED = "PAIRED"
    SINGLE = "SINGLE"
    CLONED = "CLONED"
    REFUSED = "REFUSED"


class RideState(StrEnum):
    """A ride with both taps is COMPLETED, with one SINGLE_SIDED, until it is charged.

    ARREARS: the operator is paid, and the rider owes us; REPAID once they do not.
    """

    COMPLETED = "COMPLETED"
    SINGLE_SIDED = "SINGLE_SIDED"
    CHARGED = "CHARGED"
    ARREARS = "ARREARS"
    REPAID = "REPAID"


@dataclass(frozen=True, slots=True)
class Fares:
    """An operator's fares, in minor units: a ride's first part, each stop, and the most."""

    base_minor: int
    stop_minor: int
    maximum_minor: int


@dataclass(frozen=True, slots=True)
class TapReport:
    """A tap as a gate stored it: `signature` is the phone's, over `rules.tap_text`."""

    sequence: int
    certificate: str
    direction: Direction
    at: datetime
    count: int
    signature: str
