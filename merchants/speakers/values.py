"""Values of speakers: whose voice it was, which way an order goes, where it stands."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Voice(StrEnum):
    """Whom the speaker took the voice for: its own guess, signed and not believed for money."""

    ADULT = "ADULT"
    CHILD = "CHILD"
    UNKNOWN = "UNKNOWN"


class Way(StrEnum):
    """AGREEMENT: debited at once under the caps. PHONE: waits for the owner's other device."""

    AGREEMENT = "AGREEMENT"
    PHONE = "PHONE"


class OrderState(StrEnum):
    """Where what was spoken stands; it follows from the payment, if there is one."""

    SPOKEN = "SPOKEN"
    AWAITING_CONFIRM = "AWAITING_CONFIRM"
    PAID = "PAID"
    EXPIRED = "EXPIRED"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a speaker says that it heard; `amount` is decimal text as it was signed."""

    speaker_id: uuid.UUID
    request_no: str
    subject: str
    amount: str
    voice: Voice
    spoken_at: datetime
    signature: str
