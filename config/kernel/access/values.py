"""Words of access. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class TryBy(StrEnum):
    """What tries to sign in are counted by."""

    OPERATOR = "OPERATOR"
    ADDRESS = "ADDRESS"
    CODE = "CODE"


class SessionEnd(StrEnum):
    """How an operator's session came to its end."""

    SIGNED_OUT = "SIGNED_OUT"
    IDLE = "IDLE"
    TOO_OLD = "TOO_OLD"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True)
class Allowance:
    """Tries in a row, and how long further ones are refused then."""

    tries: int
    lock: timedelta


OF_AN_OPERATOR = Allowance(5, timedelta(minutes=15))
OF_AN_ADDRESS = Allowance(30, timedelta(minutes=15))
# Without a request for so long, or so long after signing in, an operator signs in again.
LONGEST_IDLE = timedelta(minutes=30)
LONGEST_SESSION = timedelta(hours=12)
# How exactly the last request is known; one write a session in this span.
SEEN_EVERY = timedelta(minutes=1)
# What the secrets of second factors are sealed for.
FACTOR_SEAL = "operators-second-factor"
