"""Values of paying by face."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TerminalState(StrEnum):
    """PENDING until an operator has certified it; only CERTIFIED ones are believed."""

    PENDING = "PENDING"
    CERTIFIED = "CERTIFIED"
    REVOKED = "REVOKED"


class EnrolmentState(StrEnum):
    """Whether a person may be recognised."""

    ACTIVE = "ACTIVE"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a terminal says it saw, as it signed it: whom, how lively, when; no image.

    `subject` is the reference that enrolment gave the vendor. `liveness` is the vendor's
    score, 0 to 100. `phone` is the number the person typed at the terminal.
    """

    session: str
    nonce: str
    terminal: str
    subject: str
    liveness: int
    taken_at: datetime
    phone: str
    signature: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that a terminal has begun; its assertion must carry both values."""

    session: str
    nonce: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """Whom a token stands for; `on_phone` where the person must confirm with the wallet."""

    user_id: uuid.UUID
    on_phone: bool
