"""Cover a payment that the balance does not, and give back in reverse order."""

import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from config.kernel import transactions
from config.kernel.errors import required
from wallet.accounts.models import WalletUser
from wallet.funding import queries, rules
from wallet.funding.models import Bill, CreditLine, FundingUse, LoanEntry
from wallet.funding.usecases.plan_day import plan_day
from wallet.funding.values import BillState, LineState, LoanEvent, Part, Source
from wallet.ledger import queries as ledger
from wallet.ledger.rules import InsufficientFunds
from wallet.ledger.usecases.change_state import locked_account
from wallet.ledger.usecases.open_account import open_system_account
from wallet.ledger.values import Line, credit, debit


def draw_funds(
    *, payer: WalletUser, payment_id: uuid.UUID, amount_minor: int, at: datetime
) -> list[Line]:
    """What a payment is taken from: the balance, then the payer's sources in their order.

    All or nothing: the lines come to the whole amount, for the one journal that the caller
    posts in this transaction, or nothing is drawn.

    Raises:
        InsufficientFunds: all sources together fall short.

    Locks: the pay-later line, then the payer's ledger accounts, in the order of their ids.
    """
    transactions.require()
    line = queries.locked_line(payer.id)
    savings = queries.savings_of(payer.id)
    account_ids = {payer.available_account_id} | ({savings.account_id} if savings else set())
    for account_id in sorted(account_ids):
        locked_account(account_id)
    room = {Source.BALANCE: ledger.balance(payer.available_account_id).available_minor}
    if savings is not None:
        room[Source.SAVINGS] = ledger.balance(savings.account_id).available_minor
    if line is not None and line.state == LineState.ACTIVE:
        room[Source.CREDIT] = line.limit_minor - line.owed_minor
    order = (Source.BALANCE, *queries.sources_of(payer.id))
    divided = rules.parts(amount_minor, room, order)
    if sum(part.amount_minor for part in divided) < amount_minor:
        raise InsufficientFunds(account_id=str(payer.available_account_id))
    accounts = {
        Source.BALANCE: payer.available_account_id,
        Source.SAVINGS: savings.account_id if savings else None,
        Source.CREDIT: open_system_account("asset:due_from_lender"),
    }
    for position, part in enumerate(divided):
        _note(part, position, payment_id, line, at)
    plan_day()
    return [
        debit(
            required(accounts[part.source], "a source that gives has an account"),
            part.amount_minor,
            queries.CURRENCY,
        )
        for part in divided
    ]


def return_funds(
    *, payer: WalletUser, payment_id: uuid.UUID, amount_minor: int, at: datetime
) -> list[Line]:
    """Whom a refund goes to: the sources in reverse order, then the balance.

    What the lender is not owed any more, because it was repaid, goes to the balance.

    Locks: the pay-later line, where one gave something.
    """
    transactions.require()
    uses = FundingUse.objects.select_for_update(of=("self",)).filter(payment_id=payment_id)
    rest_minor, lines = amount_minor, []
    for use in reversed(uses):
        part_minor = min(rest_minor, use.amount_minor - use.returned_minor)
        if use.source == Source.BALANCE or not part_minor:
            continue
        use.returned_minor += part_minor
        use.save(update_fields=["returned_minor"])
        if use.source == Source.SAVINGS:
            saved = required(queries.savings_of(payer.id), "savings stay")
            target = saved.account_id
        else:
            part_minor = _lower_debt(use, payer, part_minor, at)
            target = open_system_account("lender:due")
        if part_minor:
            lines.append(credit(target, part_minor, queries.CURRENCY))
            rest_minor -= part_minor
    if lines:
        plan_day()
    if rest_minor:
        lines.append(credit(payer.available_account_id, rest_minor, queries.CURRENCY))
    return lines


def book_loan(
    line: CreditLine, *, entry_key: str, event: LoanEvent, change_minor: int, at: datetime
) -> None:
    """Change what a locked line owes, and write it into the lender's own book."""
    line.owed_minor += change_minor
    line.save(update_fields=["owed_minor", "state"])
    LoanEntry.objects.create(
        line=line,
        key=entry_key,
        event=event,
        change_minor=change_minor,
        owed_minor=line.owed_minor,
        at=at,
    )


def _note(
    part: Part, position: int, payment_id: uuid.UUID, line: CreditLine | None, at: datetime
) -> None:
    bill = None
    if part.source is Source.CREDIT and line is not None:
        bill = _open_bill(line, at)
        bill.amount_minor += part.amount_minor
        bill.save(update_fields=["amount_minor"])
        book_loan(
            line,
            entry_key=f"draw:{payment_id}",
            event=LoanEvent.DRAW,
            change_minor=part.amount_minor,
            at=at,
        )
    FundingUse.objects.create(
        payment_id=payment_id,
        position=position,
        source=part.source,
        amount_minor=part.amount_minor,
        bill=bill,
    )


def _open_bill(line: CreditLine, at: datetime) -> Bill:
    row, _ = Bill.objects.get_or_create(
        line=line,
        state=BillState.OPEN,
        defaults={
            "opened_at": at,
            "due_at": rules.next_bill_at(at, ZoneInfo(settings.TIME_ZONE)),
        },
    )
    return row


def _lower_debt(use: FundingUse, payer: WalletUser, part_minor: int, at: datetime) -> int:
    """Lower what a draw's bill still asks for; gives by how much."""
    line = required(queries.locked_line(payer.id), "who has drawn has a line")
    bill = Bill.objects.get(id=required(use.bill_id, "a draw has its bill"))
    due_minor = bill.amount_minor + bill.fee_minor - bill.paid_minor
    part_minor = min(part_minor, due_minor, bill.amount_minor)
    if not part_minor:
        return 0
    bill.amount_minor -= part_minor
    settle_if_paid(bill)
    bill.save()
    book_loan(
        line,
        entry_key=f"refund:{use.payment_id}:{use.returned_minor}",
        event=LoanEvent.REFUND,
        change_minor=-part_minor,
        at=at,
    )
    return part_minor


def settle_if_paid(bill: Bill) -> None:
    """A bill that asks for nothing more is PAID; the open month stays open."""
    left_minor = bill.amount_minor + bill.fee_minor - bill.paid_minor
    if not left_minor and bill.state != BillState.OPEN:
        bill.state, bill.due_at = BillState.PAID, None
