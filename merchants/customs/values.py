"""Words of customs declarations. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class DeclarationState(StrEnum):
    """SENT to the office, then ACCEPTED or REFUSED by it."""

    SENT = "SENT"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a merchant declares: a payment, or with `part` a part of it.

    `request_no` is the merchant's number of the declaration, `place` the customs office,
    `customs_code` and `customs_name` what the office knows the merchant by. Amounts are in
    minor units. `part` is the merchant's number of the part where several declare one payment.
    """

    request_no: str
    place: str
    customs_code: str
    customs_name: str
    amount_minor: int
    part: str = ""

    @property
    def facts(self) -> tuple[object, ...]:
        """All that a repetition must say again."""
        return (self.place, self.customs_code, self.customs_name, self.amount_minor, self.part)
