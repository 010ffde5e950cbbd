"""Words of payouts. Pure."""

from collections.abc import Mapping
from enum import StrEnum


class PayoutState(StrEnum):
    """CREATED has its money set aside, SUBMITTED is with the bank, then the bank's word."""

    CREATED = "CREATED"
    SUBMITTED = "SUBMITTED"
    PAID = "PAID"
    RETURNED = "RETURNED"


TRANSITIONS: Mapping[PayoutState, frozenset[PayoutState]] = {
    PayoutState.CREATED: frozenset({PayoutState.SUBMITTED}),
    PayoutState.SUBMITTED: frozenset({PayoutState.PAID, PayoutState.RETURNED}),
    PayoutState.PAID: frozenset(),
    PayoutState.RETURNED: frozenset(),
}


class BankResult(StrEnum):
    """What the bank says of a payout."""

    PAID = "PAID"
    RETURNED = "RETURNED"


class Disposition(StrEnum):
    """What an answer of the bank did: moved the payout, said it again, or denied itself."""

    APPLIED = "APPLIED"
    REPEATED = "REPEATED"
    CONTRADICTED = "CONTRADICTED"
