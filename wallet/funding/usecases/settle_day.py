"""Settle a day: credit yield, pay fund and lender, issue bills and mark overdue ones."""

import uuid
from datetime import date, datetime, timedelta

from config.kernel import clock, transactions
from config.kernel.claims import claim, in_batches
from wallet.funding import queries, rules
from wallet.funding.models import Bill, CreditLine, FundingDay, Savings, SavingsOrder
from wallet.funding.usecases.draw_funds import book_loan
from wallet.funding.usecases.plan_day import plan_day
from wallet.funding.values import BillState, LineState, LoanEvent
from wallet.ledger import queries as ledger
from wallet.ledger.usecases.open_account import open_account, open_system_account
from wallet.ledger.usecases.post_journals import move_money
from wallet.ledger.values import AccountKind, Side

BATCH = 50
MMF, BANK = "asset:mmf", "asset:custodian_bank"
LENT, DUE = "asset:due_from_lender", "lender:due"


def run_due(*, now: datetime) -> int:
    """Settle the days and bills that are due; safe twice and beside other workers."""
    return in_batches(lambda at: _settle_one(at) + _bill_batch(at), now)


@transactions.atomic_retry
def _settle_one(now: datetime) -> int:
    """Settle the oldest day that is due.

    Locks: the day, then the ledger accounts.
    """
    batch = claim(FundingDay.objects.filter(due_at__lte=now).order_by("day"), 1)
    for row in batch:
        saved_minor = _pay_yield(row.day, now)
        row.fund_minor = _square(MMF, _held(MMF) - saved_minor, f"fund-{row.day}", now)
        row.lent_minor = _square(LENT, _held(LENT), f"lent-{row.day}", now)
        row.repaid_minor = _square(DUE, -_held(DUE), f"repaid-{row.day}", now)
        SavingsOrder.objects.filter(confirmed_at__isnull=True).update(confirmed_at=now)
        row.due_at, row.settled_at = None, now
        row.save()
        if saved_minor:
            plan_day(max(row.day + timedelta(days=1), clock.house_day(now)))
    return len(batch)


def _held(code: str) -> int:
    return ledger.balance(open_system_account(code)).posted_minor


def _square(code: str, in_minor: int, reference: str, now: datetime) -> int:
    """Let the bank bring an account's money in, or take it out below zero; gives how much."""
    bank, other = open_system_account(BANK), open_system_account(code)
    debited, credited = (bank, other) if in_minor > 0 else (other, bank)
    _move(reference, debited, credited, abs(in_minor), now)
    return in_minor


def _pay_yield(day: date, now: datetime) -> int:
    """Credit a day's yield to everybody's savings; gives what is saved in all after it.

    Each is rounded down; what that leaves of the pool's yield waits in an account of its own.
    """
    mmf, saved_minor, paid_minor = open_system_account(MMF), 0, 0
    for row in Savings.objects.order_by("user_id").iterator(chunk_size=500):
        balance_minor = ledger.balance(row.account_id).posted_minor
        part_minor = rules.day_yield(balance_minor)
        _move(f"yield-{day}:{row.user_id}", mmf, row.account_id, part_minor, now)
        saved_minor += balance_minor
        paid_minor += part_minor
    rest = _rounding_account()
    rest_minor = max(0, rules.pool_yield(saved_minor) - paid_minor)
    _move(f"yield-{day}:rest", mmf, rest, rest_minor, now)
    return saved_minor + paid_minor + ledger.balance(rest).posted_minor


def _rounding_account() -> uuid.UUID:
    return open_account(
        code="savings:rounding",
        kind=AccountKind.CLIENT_LIABILITY,
        currency=queries.CURRENCY,
        normal_side=Side.CREDIT,
    )


def _move(
    key: str, debited: uuid.UUID, credited: uuid.UUID, amount_minor: int, now: datetime
) -> None:
    if amount_minor:
        move_money(
            key=f"funding:{key}",
            kind="funding",
            debited=debited,
            credited=credited,
            amount_minor=amount_minor,
            currency=queries.CURRENCY,
            at=now,
            reference=key[:64],
        )


@transactions.atomic_retry
def _bill_batch(now: datetime) -> int:
    """Bill what is due to be billed, and charge the late fee where a bill was not paid.

    Locks: the bills, then their lines.
    """
    batch = claim(Bill.objects.filter(due_at__lte=now).order_by("due_at", "id"), BATCH)
    for bill in batch:
        line = CreditLine.objects.select_for_update().get(user_id=bill.line_id)
        bill.refresh_from_db()
        if bill.due_at is None:
            continue
        left_minor = bill.amount_minor + bill.fee_minor - bill.paid_minor
        if bill.state == BillState.OPEN:
            bill.billed_at, bill.due_at = now, bill.due_at + rules.DUE_AFTER
            bill.state = BillState.BILLED
        else:
            bill.fee_minor += rules.LATE_FEE_MINOR
            bill.state, bill.due_at, line.state = BillState.OVERDUE, None, LineState.FROZEN
            book_loan(
                line,
                entry_key=f"fee:{bill.id}",
                event=LoanEvent.FEE,
                change_minor=rules.LATE_FEE_MINOR,
                at=now,
            )
        if not left_minor:
            bill.state, bill.due_at = BillState.PAID, None
        bill.save()
    return len(batch)
