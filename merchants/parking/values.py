"""Values of parking. Pure."""

from enum import StrEnum


class StayState(StrEnum):
    """A stay: PRICED once the gate has said what it costs, then paid, or left unpaid."""

    ENTERED = "ENTERED"
    PRICED = "PRICED"
    PAID = "PAID"
    UNPAID_EXIT = "UNPAID_EXIT"
