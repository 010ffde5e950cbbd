"""Rules of the four eyes. Pure."""

from datetime import datetime, timedelta

from config.kernel.approvals.values import TRANSITIONS, Status
from config.kernel.errors import Conflict, InvalidRequest, NotPermitted, invariant

LIFETIME = timedelta(hours=24)
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


def expired(*, expires_at: datetime, now: datetime) -> bool:
    """Whether a request's time is over; `expires_at` itself is already too late."""
    return now >= expires_at
