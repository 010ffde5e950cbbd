"""Days of the simulated bank, with our books beside them."""

from datetime import date, datetime, timedelta

from config.kernel import clock
from config.kernel.ids import uuid7
from merchants.reconciliation import files, queries
from merchants.reconciliation.bank import statement_of
from merchants.reconciliation.models import Break
from merchants.reconciliation.usecases.read_statement import read_statement
from merchants.reconciliation.usecases.reconcile_day import reconcile_day
from merchants.reconciliation.values import FileFormat
from tests.factories.accounts import make_topup, make_user
from tests.factories.clock import advance
from tests.factories.settlement import noon
from wallet.accounts.models import BankAnswer, BankInstruction, Topup, WalletUser
from wallet.accounts.values import BankKind, BankResult, TopupState
from wallet.public import Draft, account_id, credit, debit, post_journals

AT_ONCE = 1000


def file_of(day: date, file_format: FileFormat = FileFormat.CSV) -> bytes:
    """The bank's file of a day."""
    return "".join(files.write(statement_of(day), file_format)).encode()


def break_of_recalled_money() -> Break:
    """A top-up that the bank paid and then took back, found the next day."""
    day = noon()
    make_topup(make_user(), 10_96)
    advance(days=1)
    read_statement(content=file_of(day))
    reconcile_day(day=day)
    return Break.objects.get(kind="status")


def day_of_topups(*counts: int) -> date:
    """So many top-ups on each of some days, which are over now; gives the first day.

    Written as rows where the use cases would take too long; the journals are posted.
    """
    first = noon() + timedelta(days=1)
    for number, count in enumerate(counts):
        day = first + timedelta(days=number)
        # No entry is made ahead of the clock: a day is booked as it ends.
        _, ends = queries.house_bounds(day)
        advance(seconds=(ends - clock.now()).total_seconds() - 1)
        _book_day(count, day=day)
    advance(days=1)
    return first


def _book_day(count: int, *, day: date) -> None:
    """Spread top-ups over a whole day, in the bank's diary and in our books."""
    begins, _ = queries.house_bounds(day)
    step = timedelta(hours=24) / (count + 1)
    user = make_user()
    for start in range(0, count, AT_ONCE):
        numbers = range(start, min(count, start + AT_ONCE))
        _book(user, [(100 + n * 37 % 99_900, begins + step * (n + 1)) for n in numbers])


def _book(user: WalletUser, moments: list[tuple[int, datetime]]) -> None:
    ids = [uuid7() for _ in moments]
    drafts = [
        Draft(
            key=f"topup:{topup_id}",
            kind="topup",
            lines=(
                debit(account_id("asset:custodian_bank"), amount_minor, "CNY"),
                credit(user.available_account_id, amount_minor, "CNY"),
            ),
            posted_at=at,
            business_date=clock.house_day(at),
            reference=f"topup:{topup_id}",
        )
        for topup_id, (amount_minor, at) in zip(ids, moments, strict=True)
    ]
    results = post_journals(drafts)
    topups = [
        Topup(
            id=topup_id,
            user=user,
            request_key=str(topup_id),
            amount_minor=amount_minor,
            state=TopupState.SUCCEEDED,
            journal_id=result.journal_id,
            unit=0,
            expires_at=at,
            finished_at=at,
        )
        for topup_id, result, (amount_minor, at) in zip(ids, results, moments, strict=True)
    ]
    instructions = [
        BankInstruction(
            kind=BankKind.TOPUP,
            subject_id=topup.id,
            amount_minor=topup.amount_minor,
            currency="CNY",
            sent_at=topup.finished_at,
        )
        for topup in topups
    ]
    answers = [
        BankAnswer(
            instruction=instruction,
            bank_reference=f"{instruction.id.hex}-1",
            result=BankResult.SUCCEEDED,
            due_at=at,
            given_at=at,
        )
        for instruction, (_, at) in zip(instructions, moments, strict=True)
    ]
    Topup.objects.bulk_create(topups)
    BankInstruction.objects.bulk_create(instructions)
    BankAnswer.objects.bulk_create(answers)
