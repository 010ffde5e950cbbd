"""Words of payouts. Pure."""

from collections.abc import Mapping
from enum import StrEnum


class PayoutState(StrEnum):
    """CREATED has its money set aside, SUBMITTED is with the bank, then the bank's word.

    OVERDUE has been with the bank past the time it has for an answer. RECALLED was paid, and
    the money came back.
    """

    CREATED = "CREATED"
    SUBMITTED = "SUBMITTED"
    PAID = "PAID"
    RETURNED = "RETURNED"
    OVERDUE = "OVERDUE"
    RECALLED = "RECALLED"


TRANSITIONS: Mapping[PayoutState, frozenset[PayoutState]] = {
    PayoutState.CREATED: frozenset({PayoutState.SUBMITTED}),
    PayoutState.SUBMITTED: frozenset({PayoutState.PAID, PayoutState.RETURNED, PayoutState.OVERDUE}),
    PayoutState.OVERDUE: frozenset({PayoutState.PAID, PayoutState.RETURNED}),
    PayoutState.PAID: frozenset({PayoutState.RECALLED}),
    PayoutState.RETURNED: frozenset(),
    PayoutState.RECALLED: frozenset(),
}


class BankResult(StrEnum):
    """What the bank says of a payout."""

    PAID = "PAID"
    RETURNED = "RETURNED"


class Disposition(StrEnum):
    """What an answer of the bank did: moved the payout, said it again, or denied itself.

    RECALLED took a payment back, MISMATCHED spoke of another amount: nothing moved.
    """

    APPLIED = "APPLIED"
    REPEATED = "REPEATED"
    CONTRADICTED = "CONTRADICTED"
    RECALLED = "RECALLED"
    MISMATCHED = "MISMATCHED"


class CaseKind(StrEnum):
    """Why people look at a payout."""

    RETURNED = "RETURNED"  # sent back; another try takes two operators
    RECALLED = "RECALLED"  # paid, then taken back
    OVERDUE = "OVERDUE"  # no answer in time
    MISMATCHED = "MISMATCHED"  # the bank speaks of another amount
    CONTRADICTED = "CONTRADICTED"  # said to be paid after it had been sent back


class CaseTemplate(StrEnum):
    """How two operators close a case."""

    TO_MERCHANT = "TO_MERCHANT"  # what is in suspense is the merchant's again
    EXPLAINED = "EXPLAINED"  # nothing is posted


# Why the bank sends money back where the money is the merchant's again without a question.
KNOWN_REASONS = frozenset(
    {"account_closed", "account_unknown", "AC01", "AC04", "AC06", "AG01", "BE04", "RC01"}
)
