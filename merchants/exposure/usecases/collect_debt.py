"""Collect a merchant's debt to the platform from its balances."""

from config.kernel import clock, ids, transactions
from config.kernel.outbox.writes import add as add_event
from merchants.exposure import queries
from merchants.onboarding.models import Merchant
from merchants.terms.queries import today_of
from wallet.public import Draft, balance, credit, debit, post_journal


def collect_debt(merchant: Merchant) -> int:
    """Repay a merchant's debt from payable, then from its balance; gives what is left of it.

    Whatever lets money leave either of them calls this first, and each day's settlement
    does. It moves nothing where nothing is owed. Unsettled sales repay at their settlement.

    Args:
        merchant: locked by the caller.

    Raises:
        InsufficientFunds: a payee's share was taken back between looking and posting.

    Locks: the ledger accounts.
    """
    transactions.require()
    accounts = queries.accounts_of(merchant)
    owed_minor = balance(accounts.receivable).posted_minor
    if owed_minor == 0:
        return 0
    left = queries.settled_funds(merchant)
    parts = (
        (accounts.payable, max(0, queries.held_in(accounts.payable)) - left.payable_minor),
        (accounts.balance, max(0, queries.held_in(accounts.balance)) - left.balance_minor),
    )
    repaid_minor = owed_minor - left.owed_minor
    if repaid_minor:
        post_journal(
            Draft(
                key=f"debt:{ids.uuid7()}",
                kind="debt_collected",
                lines=(
                    *(debit(account, part, merchant.currency) for account, part in parts if part),
                    credit(accounts.receivable, repaid_minor, merchant.currency),
                ),
                posted_at=clock.now(),
                business_date=today_of(merchant),
                reference=merchant.merchant_number,
                narrative="debt collected",
            )
        )
        add_event(
            topic="merchant_debt.collected",
            aggregate_id=merchant.id,
            payload={
                "merchant_id": str(merchant.id),
                "amount_minor": repaid_minor,
                "owed_minor": left.owed_minor,
            },
        )
    return left.owed_minor
