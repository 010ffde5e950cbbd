"""Words of access. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class TryBy(StrEnum):
    """What tries to sign in are counted by."""

    OPERATOR = "OPERATOR"
    ADDRESS = "ADDRESS"


@dataclass(frozen=True, slots=True)
class Allowance:
    """Tries in a row, and how long further ones are refused then."""

    tries: int
    lock: timedelta


OF_AN_OPERATOR = Allowance(5, timedelta(minutes=15))
OF_AN_ADDRESS = Allowance(30, timedelta(minutes=15))
