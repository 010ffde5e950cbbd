"""Rules of disputes: who may, when, with what. Pure."""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime, timedelta

from config.kernel.errors import Conflict, InvalidRequest, NotFound, Refused
from merchants.disputes.values import MOVES, DisputeState

ANSWER_WITHIN = timedelta(hours=48)
REVIEW_WITHIN = timedelta(days=7)
APPEAL_WITHIN = timedelta(hours=48)
OPEN_WITHIN = timedelta(days=180)
TEXT_MAXIMUM = 2000
EVIDENCE_MAXIMUM = 1_048_576
FILES_MAXIMUM = 10
# By type: how a file of it begins. What does not is not what it says it is.
BEGINNINGS: Mapping[str, bytes] = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "application/pdf": b"%PDF-",
}


class DisputeUnknown(NotFound):
    """There is no such dispute of the caller's."""

    code = "dispute_unknown"
    message = "There is no such dispute."


class DisputeTaken(Conflict):
    """There is one dispute for a payment."""

    code = "dispute_exists"
    message = "This payment is or was disputed already."


class NotDisputable(Conflict):
    """The payment cannot be disputed: not paid, refunded, not a merchant's, or too long ago."""

    code = "payment_not_disputable"
    message = "This payment cannot be disputed."


class DisputeStateForbids(Conflict):
    """The dispute stands elsewhere; `state` says where."""

    code = "dispute_state_forbids"
    message = "The dispute cannot do that now."


class AmountOutOfRange(InvalidRequest):
    """More is disputed than was paid and not refunded."""

    code = "dispute_amount_out_of_range"
    message = "Dispute at least 0.01 and at most what was paid and not refunded."


class EvidenceRefused(InvalidRequest):
    """Evidence is too large, of another type than it says, or there is too much of it."""

    code = "evidence_refused"
    message = "Evidence is a PNG, a JPEG or a PDF of up to 1 MiB, ten at most."


class TooLate(Refused):
    """The time for it is over."""

    code = "dispute_too_late"
    message = "The time for this is over."


def check_move(state: DisputeState, to: DisputeState) -> None:
    """Check that a dispute may go from one state to another.

    Raises:
        DisputeStateForbids: it may not.
    """
    if to not in MOVES[state]:
        raise DisputeStateForbids(state=state.value, target=to.value)


def check_amount(amount_minor: int, *, left_minor: int) -> None:
    """Check a disputed amount; `left_minor` is what was paid and not refunded.

    Raises:
        NotDisputable: nothing is left.
        AmountOutOfRange: it is below one or above what is left.
    """
    if left_minor <= 0:
        raise NotDisputable(reason="refunded")
    if not 1 <= amount_minor <= left_minor:
        raise AmountOutOfRange(field="amount", left_minor=left_minor)


def check_in_time(at: datetime, *, since: datetime, within: timedelta) -> None:
    """Check that a moment is within a time; its end is exclusive.

    Raises:
        TooLate: it is not.
    """
    if at >= since + within:
        raise TooLate(until=(since + within).isoformat())


def evidence_bytes(content_type: str, content: str) -> bytes:
    """Decode and check a file that came as base64.

    Raises:
        EvidenceRefused: it is not base64, too large, or begins as no file of its type.
    """
    if content_type not in BEGINNINGS or len(content) > EVIDENCE_MAXIMUM * 4 // 3 + 4:
        raise EvidenceRefused(field="content_type", types=sorted(BEGINNINGS))
    try:
        decoded = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise EvidenceRefused(field="content") from error
    if len(decoded) > EVIDENCE_MAXIMUM or not decoded.startswith(BEGINNINGS[content_type]):
        raise EvidenceRefused(field="content", size=len(decoded))
    return decoded
