"""Repay what is owed to the lender."""

import uuid

from config.kernel import clock, ids, transactions
from wallet.accounts import queries as accounts
from wallet.funding import queries, rules
from wallet.funding.models import CreditLine, LoanEntry
from wallet.funding.usecases.draw_funds import book_loan, settle_if_paid
from wallet.funding.usecases.plan_day import plan_day
from wallet.funding.values import BillState, LineState, LoanEvent
from wallet.ledger.usecases.open_account import open_system_account
from wallet.ledger.usecases.post_journals import move_money


@transactions.atomic_retry
def repay_debt(*, user_id: uuid.UUID, key: str, amount_minor: int) -> tuple[CreditLine, bool]:
    """Repay a part or all, the oldest bill first; the same key repays once.

    Returns the line, and whether the key had repaid before.
    It is passed on to the lender with the night's settlement. A line frozen for an overdue
    bill is good again once none is overdue.

    Raises:
        NoLine, AmountInvalid, KeyConflict: there is nothing to repay, or not like this.
        RepayTooMuch: more than is owed.
        InsufficientFunds, AccountFrozen, AccountClosed: the balance does not cover it.

    Locks: the line, then the ledger accounts.
    """
    rules.check_amount(amount_minor)
    line = queries.locked_line(user_id)
    if line is None:
        raise rules.NoLine()
    book_key = f"repay:{user_id}:{key}"
    earlier = LoanEntry.objects.filter(key=book_key).first()
    if earlier is not None:
        if earlier.change_minor != -amount_minor:
            raise rules.KeyConflict(field="amount")
        return line, True
    if amount_minor > line.owed_minor:
        raise rules.RepayTooMuch(field="amount", owed_minor=line.owed_minor)
    now = clock.now()
    move_money(
        key=f"repay:{ids.uuid7()}",
        kind="credit.repaid",
        debited=accounts.user(user_id).available_account_id,
        credited=open_system_account("lender:due"),
        amount_minor=amount_minor,
        currency=queries.CURRENCY,
        at=now,
        reference=f"repay:{user_id}",
        narrative="repayment",
    )
    _pay_bills(line, amount_minor)
    overdue = queries.unpaid_bills(line).filter(state=BillState.OVERDUE).exists()
    if line.state == LineState.FROZEN and not overdue:
        line.state = LineState.ACTIVE
    book_loan(line, entry_key=book_key, event=LoanEvent.REPAY, change_minor=-amount_minor, at=now)
    plan_day()
    return line, False


def _pay_bills(line: CreditLine, amount_minor: int) -> None:
    for bill in queries.unpaid_bills(line):
        part_minor = min(amount_minor, bill.amount_minor + bill.fee_minor - bill.paid_minor)
        bill.paid_minor += part_minor
        settle_if_paid(bill)
        bill.save(update_fields=["paid_minor", "state", "due_at"])
        amount_minor -= part_minor
