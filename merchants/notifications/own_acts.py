"""What the platform does to merchants by itself, and how each of them hears of it.

Each job of the timetable says by itself which events it causes that merchants are told of, or
why there is nothing to tell (`timetable.job`). Each event in TOLD becomes one notification (or
message), which is on the list of events too.
"""

from typing import Final

# Notices of trades, authorisations, agreements, transfers and splits, as the protocol has them.
PROTOCOL: Final = frozenset(
    {
        "agreement.ended",
        "agreement.signed",
        "authorisation.closed",
        "authorisation.frozen",
        "authorisation.released",
        "merchant_batch.ended",
        "merchant_transfer.ended",
        "payment.closed",
        "payment.finished",
        "payment.paid",
        "refund.deposit_back_ended",
        "refund.succeeded",
        "split.ended",
    }
)
# What the protocol has no word for: a message of ours, by its name.
MESSAGES: Final = {
    "agreement.debit_failed": "saoma.agreement.debit.failed",
    "agreement.resumed": "saoma.agreement.resumed",
    "agreement.suspended": "saoma.agreement.suspended",
    "consent.revoked": "saoma.consent.revoked",
    "dispute.challenged": "saoma.dispute.challenged",
    "dispute.ended": "saoma.dispute.ended",
    "dispute.opened": "saoma.dispute.opened",
    "escrow.released": "saoma.trade.escrow.released",
    "merchant_debt.collected": "saoma.merchant.debt.collected",
    "payout.returned": "saoma.payout.returned",
}
TOLD: Final = PROTOCOL | set(MESSAGES)
