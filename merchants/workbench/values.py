"""Values of the workbench: what is kept of a call, and the faults that can be switched on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

KEPT_TEXT = 16_384
# How long a reordered notification waits, and how long a delayed answer may.
LATE_S = 30
LONGEST_DELAY_MS = 30_000
ALWAYS_PERCENT = 100


class Protocol(StrEnum):
    """Which face of the gateway was called."""

    V2 = "v2"
    V3 = "v3"


class FaultKind(StrEnum):
    """What goes wrong on purpose.

    The first four are about a call's answer, the last two about notifications.
    """

    DROP_ANSWER = "DROP_ANSWER"
    DELAY_ANSWER = "DELAY_ANSWER"
    ERROR_BEFORE = "ERROR_BEFORE"
    ERROR_AFTER = "ERROR_AFTER"
    DUPLICATE_NOTICE = "DUPLICATE_NOTICE"
    REORDER_NOTICE = "REORDER_NOTICE"


ANSWER_FAULTS = (
    FaultKind.ERROR_BEFORE,
    FaultKind.DELAY_ANSWER,
    FaultKind.ERROR_AFTER,
    FaultKind.DROP_ANSWER,
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call as it came and as it was answered; texts are cut to KEPT_TEXT characters.

    `target` is the path with its query as sent. `authorization` is the header of the REST
    face. `body` and `answer` are text of the bytes, one character a byte where they are
    no UTF-8.
    """

    at: datetime
    trace_id: str
    protocol: Protocol
    verb: str
    target: str
    authorization: str
    content_type: str
    body: str
    status: int
    answer: str
    duration_us: int
    faults: str


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """What goes wrong with one call."""

    error_before: bool = False
    error_after: bool = False
    drop_answer: bool = False
    delay_ms: int = 0

    @property
    def names(self) -> str:
        """The faults of this plan, for the log."""
        faults = (
            (FaultKind.ERROR_BEFORE, self.error_before),
            (FaultKind.DELAY_ANSWER, bool(self.delay_ms)),
            (FaultKind.ERROR_AFTER, self.error_after),
            (FaultKind.DROP_ANSWER, self.drop_answer),
        )
        return " ".join(kind.value for kind, on in faults if on)


NO_FAULTS = FaultPlan()


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What a till or terminal says of itself; the lists are its own, kept unread."""

    number: str
    product: str
    kind: str
    status: str
    store: str
    network: str
    trades: list[object]
    exceptions: list[object]
    reported_at: datetime
