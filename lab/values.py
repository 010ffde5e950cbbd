"""Values of the lab's till and of its merchants' receivers. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a trade stands for the person at the till."""

    PAID = "PAID"
    WAITING = "WAITING"
    ORDERED = "ORDERED"
    CLOSED = "CLOSED"
    REFUNDED = "REFUNDED"
    REFUSED = "REFUSED"
    UNKNOWN = "UNKNOWN"


class WebhookResponse(StrEnum):
    """How a demo merchant's receiver answers notifications."""

    WELL = "WELL"
    ERROR = "ERROR"
    WRONG = "WRONG"
    SLOW = "SLOW"


class Step(StrEnum):
    """How far the world's clock is moved at once."""

    HOUR = "HOUR"
    DAY = "DAY"
    NEXT = "NEXT"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the gateway said, as the till shows it; `raw` is the signed answer itself."""

    outcome: Outcome
    order: str
    code: str
    sub_code: str
    message: str
    trade: dict[str, object]
    raw: str
