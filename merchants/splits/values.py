"""Words of splits. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class NamedBy(StrEnum):
    """What a payee is named by: a public number or a login."""

    NUMBER = "NUMBER"
    LOGIN = "LOGIN"


class SplitState(StrEnum):
    """PENDING waits for its time, DONE has moved its money, FAILED could not."""

    PENDING = "PENDING"
    DONE = "DONE"
    FAILED = "FAILED"


class Keep(StrEnum):
    """How long the rest of a settled trade is kept back from the payout for splits."""

    NOTHING = "NOTHING"
    FOR_DAYS = "FOR_DAYS"
    UNTIL_FINISHED = "UNTIL_FINISHED"


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody as the merchant names them; `name` is checked where it is given."""

    named_by: NamedBy
    account: str
    name: str = ""
    memo: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What one payee is to get of a trade, in minor units."""

    payee: Named
    amount_minor: int
    description: str = ""


@dataclass(frozen=True, slots=True)
class Take:
    """What one payee is to give back with a refund; None: in proportion to the refund."""

    payee: Named
    amount_minor: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a split of a trade rests on, in minor units.

    `fee_minor` is what the trade will cost at settlement as it stands now, `split_minor`
    what has gone to others and not come back, waiting splits included.
    """

    paid_minor: int
    refunded_minor: int
    fee_minor: int
    split_minor: int

    @property
    def rest_minor(self) -> int:
        """What can still be split."""
        return self.paid_minor - self.refunded_minor - self.fee_minor - self.split_minor
