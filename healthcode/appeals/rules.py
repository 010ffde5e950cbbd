"""When an appeal can be filed and decided. Pure."""

from collections.abc import Iterable
from datetime import timedelta
from typing import ClassVar

from config.kernel.errors import Conflict, Refused
from healthcode.appeals.values import AppealState, Outcome

DUE_IN = timedelta(hours=24)
MIN_TEXT = 10


class AppealOpen(Conflict):
    """There is an appeal of this person already, not yet decided."""

    code: ClassVar[str] = "appeal_open"
    message: ClassVar[str] = "Your last correction has not been decided yet."


class AppealDecided(Conflict):
    """The appeal has been decided."""

    code: ClassVar[str] = "appeal_decided"
    message: ClassVar[str] = "This correction has been decided already."


class OutcomeRefused(Refused):
    """A decision on an appeal needs an outcome and a text for the person."""

    code: ClassVar[str] = "outcome_refused"
    message: ClassVar[str] = (
        "Give UPHELD (dismissed) or OVERTURNED (granted), and a text for the person."
    )


class ReviewerColoured(Refused):
    """Whoever stands behind a colour does not judge the objection to it."""

    code: ClassVar[str] = "reviewer_coloured"
    message: ClassVar[str] = "Whoever brought about the colour cannot decide the correction."


def check_reviewers(reviewers: Iterable[str], *, colourers: Iterable[str]) -> None:
    """Stop a review by those who coloured.

    Raises:
        ReviewerColoured: one of them did.
    """
    if set(reviewers) & set(colourers):
        raise ReviewerColoured(field="checker")


def check_undecided(state: str) -> None:
    """Stop a second decision.

    Raises:
        AppealDecided: there is one.
    """
    if state in {AppealState.UPHELD, AppealState.OVERTURNED}:
        raise AppealDecided()


def check_outcome(outcome: str, text: str) -> Outcome:
    """Read an outcome and see that the person is told something.

    Raises:
        OutcomeRefused: naming the field.
    """
    if outcome not in set(Outcome):
        raise OutcomeRefused(field="outcome")
    if len(text.strip()) < MIN_TEXT:
        raise OutcomeRefused(field="text")
    return Outcome(outcome)
