"""Arrears: record, remind about and collect captures that the payer could not cover."""

import uuid
from datetime import datetime

from config.kernel import clock, transactions
from config.kernel.claims import claim, in_batches
from config.kernel.outbox import writes as outbox
from wallet.accounts import queries as accounts
from wallet.accounts.models import WalletUser
from wallet.authorisations import queries, rules
from wallet.authorisations.models import Arrears
from wallet.authorisations.values import ArrearsState
from wallet.ledger import queries as ledger
from wallet.ledger.rules import AccountClosed, AccountFrozen
from wallet.ledger.usecases.change_state import locked_account
from wallet.ledger.usecases.open_account import open_account
from wallet.ledger.usecases.post_journals import post_journal
from wallet.ledger.values import AccountKind, Draft, Line, Side, credit, debit
from wallet.payments import rules as payments
from wallet.payments.models import Payment
from wallet.payments.values import CURRENCY

BATCH = 100


def owe(payer: WalletUser, payment: Payment, amount_minor: int, *, at: datetime) -> Line:
    """Write arrears down for a payment that is made now; gives the line that pays for it.

    Part of the caller's transaction, which posts the line.
    """
    transactions.require()
    Arrears.objects.create(
        payer_id=payer.id,
        payment_id=payment.id,
        payment_number=payment.number,
        payee_name=payment.payee_name,
        amount_minor=amount_minor,
        currency=payment.currency,
        created_at=at,
        due_at=at + rules.GRACE,
    )
    outbox.add(
        topic="arrears.opened",
        aggregate_id=payer.id,
        payload={
            "payer_id": str(payer.id),
            "payment_id": str(payment.id),
            "amount_minor": amount_minor,
            "currency": payment.currency,
        },
    )
    return debit(arrears_account(payer), amount_minor, payment.currency)


def arrears_account(payer: WalletUser) -> uuid.UUID:
    """The ledger account of what a payer owes us: a receivable, never below zero."""
    return open_account(
        code=f"asset:arrears:{payer.id}",
        kind=AccountKind.RECEIVABLE,
        currency=CURRENCY,
        owner_id=payer.id,
        normal_side=Side.DEBIT,
        unit=payer.unit,
    )


@transactions.atomic_retry
def collect_arrears(*, payer_id: uuid.UUID) -> int:
    """Take what a payer owes out of what they have now, oldest first; gives the fen taken.

    Whatever is there is taken, in part if need be. A frozen wallet gives nothing. Safe to
    repeat: nothing owed or nothing there, nothing is done.

    Locks: the arrears, the payer's ledger account, then the arrears account.
    """
    owed = list(queries.open_arrears(payer_id).select_for_update())
    if not owed:
        return 0
    payer = accounts.user(payer_id)
    locked_account(payer.available_account_id)
    taken_minor = 0
    for arrears in owed:
        available_minor = ledger.balance(payer.available_account_id).available_minor
        part_minor = min(available_minor, arrears.amount_minor - arrears.collected_minor)
        if part_minor <= 0 or not _take(arrears, payer, part_minor):
            break
        taken_minor += part_minor
    return taken_minor


def remind_debtors(*, at: datetime) -> int:
    """Collect from, or else remind, everybody whose grace or last reminder is over.

    Safe beside other workers and safe twice: each batch claims its rows.
    """
    return in_batches(_remind_batch, at)


@transactions.atomic_retry
def _remind_batch(at: datetime) -> int:
    due = claim(queries.due_arrears(at), BATCH)
    for arrears in due:
        collect_arrears(payer_id=arrears.payer_id)
        arrears.refresh_from_db()
        if arrears.state != ArrearsState.CLEARED:
            _remind(arrears, at)
    return len(due)


def _remind(arrears: Arrears, at: datetime) -> None:
    """Say that money is owed; grace is over, so it counts in the payer's trust now."""
    arrears.state, arrears.late = ArrearsState.DUNNING, True
    arrears.reminders += 1
    arrears.due_at = at + rules.DUNNING_EVERY
    arrears.save(update_fields=["state", "late", "reminders", "due_at"])
    outbox.add(
        topic="arrears.reminded",
        aggregate_id=arrears.payer_id,
        payload={
            "payer_id": str(arrears.payer_id),
            "payment_id": str(arrears.payment_id),
            "amount_minor": arrears.amount_minor - arrears.collected_minor,
            "currency": arrears.currency,
        },
    )


def _take(arrears: Arrears, payer: WalletUser, part_minor: int) -> bool:
    """Post one collection; False where the wallet gives nothing now."""
    at = clock.now()
    draft = Draft(
        key=f"arrears:{arrears.id}:{arrears.collected_minor}",
        kind="arrears.collected",
        lines=(
            debit(payer.available_account_id, part_minor, arrears.currency),
            credit(arrears_account(payer), part_minor, arrears.currency),
        ),
        posted_at=at,
        business_date=clock.house_day(at),
        reference=arrears.payment_number,
        narrative=arrears.payee_name[: payments.NARRATIVE_MAXIMUM],
    )
    try:
        post_journal(draft)
    except (AccountFrozen, AccountClosed):
        return False
    arrears.collected_minor += part_minor
    if arrears.collected_minor == arrears.amount_minor:
        arrears.state, arrears.cleared_at, arrears.due_at = ArrearsState.CLEARED, at, None
        outbox.add(
            topic="arrears.cleared",
            aggregate_id=payer.id,
            payload={"payer_id": str(payer.id), "payment_id": str(arrears.payment_id)},
        )
    arrears.save(update_fields=["collected_minor", "state", "cleared_at", "due_at"])
    return True
