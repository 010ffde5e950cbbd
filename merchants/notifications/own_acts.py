"""What the platform does to merchants by itself, and how each of them hears of it.

Each job of the timetable stands in JOBS: with the events it causes that merchants are told
of, or with the reason why there is nothing to tell. Each event in TOLD becomes one
notification (or message), which is on the list of events too.
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

# The kernel's own jobs, and the health code's, which no merchant may hear of.
NOT_OURS: Final = ("approvals.", "audit.", "health.", "idempotency.", "limits.")
JOBS: Final[dict[str, tuple[str, ...] | str]] = {
    "accounts.decide_kyc": "a customer's own matter",
    "accounts.expire_topups": "a customer's own matter",
    "accounts.flag_overdue_withdrawals": "a customer's own matter",
    "agreements.announce": "the payer is told of a debit to come; the merchant of its outcome",
    "agreements.debit": (
        *("payment.paid", "payment.closed"),
        *("agreement.debit_failed", "agreement.suspended"),
    ),
    "agreements.lapse": ("agreement.ended", "payment.closed"),
    "authorisations.close_waiting": ("authorisation.closed",),
    "authorisations.expire": ("authorisation.released", "authorisation.closed"),
    "authorisations.remind": "the payer owes the platform, the merchant has its money",
    "bank.answer": "a customer's own matter",
    "bank.process": "a customer's own matter",
    "bank.send": "a customer's own matter",
    "customs.answer": "the merchant asks how its declaration stands",
    "deals.move": ("escrow.released", "refund.succeeded", "payment.closed"),
    "disputes.expire": ("dispute.ended",),
    "disputes.watch_reviews": "an alarm for operators",
    "funds.send_batches": ("merchant_batch.ended", "merchant_transfer.ended"),
    "escrow.release": ("escrow.released",),
    "exposure.watch_debts": "an alarm for operators",
    "funds.hear_bank": ("merchant_transfer.ended",),
    "funding.settle": "a customer's own matter",
    "gateway.notify": "it is the telling",
    "ledger.close_day": "nothing changes for merchants",
    "ledger.expire_holds": "authorisations tell of their own money",
    "ledger.fold": "nothing changes for merchants",
    "onboarding.revoke_retired_keys": "the merchant set the end when it uploaded the next key",
    "risk.flag_overdue_cases": "an alarm for operators",
    "payments.deliver_transfers": "between two people",
    "payments.drop_codes": "nothing changes for merchants",
    "payments.expire": ("payment.closed",),
    "payments.finish": ("payment.finished",),
    "payouts.create": ("merchant_debt.collected",),
    "payouts.flag_overdue": "an operator's case; the settlement shows where its payout is",
    "payouts.hear_bank": ("payout.returned",),
    "payouts.submit": "the settlement shows where its payout is",
    "reconciliation.fetch": "the bank's statement against our books: nothing changes for merchants",
    "selfscan.end": ("payment.closed",),
    "settlement.cut_off": ("merchant_debt.collected",),
    "settlement.queue_releases": "the settlement shows what was kept back",
    "retention.forget": "nothing changes for merchants",
    "sharing.end_packets": "a customer's own matter",
    "splits.carry_out": ("split.ended",),
    "terms.apply_bank_accounts": "the contact was told when the change was approved",
    "transit.charge": ("payment.paid",),
    "workbench.clear_calls": "nothing changes for merchants",
}
