"""Words of the appeals slice. Pure."""

from collections.abc import Mapping
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


# As operators read them; the names above are those of the API.
WORDS: Mapping[str, str] = {
    AppealState.OPEN: "open",
    AppealState.UNDER_REVIEW: "under review",
    AppealState.UPHELD: "dismissed",
    AppealState.OVERTURNED: "granted",
}
