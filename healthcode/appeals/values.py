"""Words of the appeals slice. Pure."""

from enum import StrEnum


class AppealState(StrEnum):
    """Where a correction stands."""

    OPEN = "OPEN"
    UNDER_REVIEW = "UNDER_REVIEW"
    UPHELD = "UPHELD"
    OVERTURNED = "OVERTURNED"


class Outcome(StrEnum):
    """What a review comes to: the decision is upheld, or it is overturned."""

    UPHELD = "UPHELD"
    OVERTURNED = "OVERTURNED"
