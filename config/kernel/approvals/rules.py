"""Rules of the four eyes. Pure."""

from datetime import datetime, timedelta

from config.kernel.approvals.values import TRANSITIONS, Status
from config.kernel.errors import Conflict, InvalidRequest, NotPermitted, invariant

LIFETIME = timedelta(hours=24)
# So long after somebody was made an operator, or given a right, their vote does not count.
COOLING = timedelta(hours=24)
NO_COMMENT = "no comment"
REASON_CHARACTERS = 10


class ReasonTooShort(InvalidRequest):
    """A request without a real reason cannot be judged."""

    code = "reason_too_short"
    message = "Give the reason in at least ten characters."


class SelfApproval(NotPermitted):
    """Nobody decides on their own request, whatever their rights."""

    code = "self_approval"
    message = "The maker of a request cannot approve or reject it."


class NotTheMaker(NotPermitted):
    """Only the maker takes a request back."""

    code = "not_the_maker"
    message = "Only the maker of a request can withdraw it."


class CheckerLacksRole(NotPermitted):
    """A checker has not, or no longer, the permission that the action asks for."""

    code = "checker_lacks_role"
    message = "The approver does not hold the permission for this action."


class RightsNotSeparate(NotPermitted):
    """One person holds both sides of an action, and may take neither."""

    code = "rights_not_separate"
    message = "Who may both request and approve an action can do neither."


class CheckerMadeByMaker(NotPermitted):
    """The maker created this operator, or gave them their rights."""

    code = "checker_made_by_maker"
    message = "An operator created or promoted by the maker cannot decide on the request."


class CheckerTooNew(NotPermitted):
    """The operator was created or promoted only a moment ago."""

    code = "checker_too_new"
    message = "A new or newly promoted operator cannot decide yet."


class VotesMissing(NotPermitted):
    """A request stands as approved with fewer votes that count than its action asks for."""

    code = "votes_missing"
    message = "Fewer approvals count than the action needs."


class AlreadyVoted(Conflict):
    """Each checker has one vote, and it stands."""

    code = "already_voted"
    message = "This operator has voted on the request already."


class AlreadyRequested(Conflict):
    """Somebody has asked for the same of the same target, and it is not decided yet."""

    code = "already_requested"
    message = "Another request for this waits for a decision."


class MakerLacksRole(NotPermitted):
    """The operator may not ask for this action."""

    code = "maker_lacks_role"
    message = "This operator may not request this action."


class RequestNotPending(Conflict):
    """The request has been decided, or its time has passed."""

    code = "request_not_pending"
    message = "The request no longer waits for a decision."


def check_reason(reason: str) -> str:
    """Return the reason without its margins.

    Raises:
        ReasonTooShort: fewer than ten characters are left.
    """
    text = reason.strip()
    if len(text) < REASON_CHARACTERS:
        raise ReasonTooShort(field="reason", minimum=REASON_CHARACTERS)
    return text


def check_other(*, maker_id: int, checker_id: int) -> None:
    """Check that two people are involved.

    Raises:
        SelfApproval: they are one.
    """
    if maker_id == checker_id:
        raise SelfApproval()


def check_pending(status: str) -> None:
    """Check that a request still waits for a decision.

    Raises:
        RequestNotPending: it does not; `status` tells where it stands.
    """
    if status != Status.PENDING:
        raise RequestNotPending(status=status)


def move(status: str, to: Status) -> Status:
    """Give the next status; a step that the table does not know is our bug."""
    invariant(to in TRANSITIONS[Status(status)], f"a request goes from {status} to {to}")
    return to


def cooling(*, promoted_at: datetime | None, now: datetime) -> bool:
    """Whether an operator was made or promoted too short a time ago to decide."""
    return promoted_at is not None and now < promoted_at + COOLING


def comment_of(comment: str) -> str:
    """The checker's own words; without any, that there were none."""
    return comment.strip() or NO_COMMENT


def expired(*, expires_at: datetime, now: datetime) -> bool:
    """Whether a request's time is over; `expires_at` itself is already too late."""
    return now >= expires_at
