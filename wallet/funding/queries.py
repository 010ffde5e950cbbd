"""Questions about funding."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import QuerySet

from config.kernel import clock
from config.kernel.due_times import Earliest, earliest_of
from wallet.accounts.values import BankMovement
from wallet.funding.models import (
    Bill,
    CreditLine,
    FundingDay,
    FundingOrder,
    MarketingConsent,
    Savings,
)
from wallet.funding.rules import SOURCES
from wallet.funding.values import BillState, LineState, Source
from wallet.ledger import queries as ledger

CURRENCY = "CNY"


def has_sources(user_id: uuid.UUID) -> bool:
    """Whether a payer has anything beside the balance."""
    return (
        Savings.objects.filter(user_id=user_id).exists()
        or CreditLine.objects.filter(user_id=user_id, state=LineState.ACTIVE).exists()
    )


def sources_of(user_id: uuid.UUID) -> Sequence[Source]:
    """In which order a payer's sources are asked after the balance."""
    row = FundingOrder.objects.filter(user_id=user_id).first()
    return SOURCES if row is None else tuple(Source(source) for source in row.sources)


def savings_of(user_id: uuid.UUID) -> Savings | None:
    """Somebody's savings."""
    return Savings.objects.filter(user_id=user_id).first()


def savings_minor(user_id: uuid.UUID) -> int:
    """What somebody has saved, in minor units."""
    row = savings_of(user_id)
    return 0 if row is None else ledger.balance(row.account_id).posted_minor


def line_of(user_id: uuid.UUID) -> CreditLine | None:
    """Somebody's pay-later line."""
    return CreditLine.objects.filter(user_id=user_id).first()


def locked_line(user_id: uuid.UUID) -> CreditLine | None:
    """Somebody's pay-later line, locked."""
    return CreditLine.objects.select_for_update().filter(user_id=user_id).first()


def bills_of(user_id: uuid.UUID) -> QuerySet[Bill]:
    """A line's bills, oldest first."""
    return Bill.objects.filter(line_id=user_id)


def unpaid_bills(line: CreditLine) -> QuerySet[Bill]:
    """What is still owed, by bill, oldest first; the open month comes last."""
    return Bill.objects.filter(line=line).exclude(state=BillState.PAID)


def agrees_to_offers(user_id: uuid.UUID) -> bool:
    """Whether somebody has agreed to offers."""
    return MarketingConsent.objects.filter(user_id=user_id, withdrawn_at__isnull=True).exists()


def keeps_open(user_id: uuid.UUID) -> bool:
    """Whether savings are left or something is owed to the lender."""
    owed = CreditLine.objects.filter(user_id=user_id, owed_minor__gt=0).exists()
    return owed or savings_minor(user_id) > 0


# When the next bill or day falls due.
next_due = earliest_of(
    Earliest(lambda: Bill.objects.filter(due_at__isnull=False), "due_at"),
    Earliest(lambda: FundingDay.objects.filter(due_at__isnull=False), "due_at"),
)


def movements(until: datetime) -> Iterator[BankMovement]:
    """What the bank moved by `until` between us, the fund and the lender."""
    for day in FundingDay.objects.filter(settled_at__lte=until).order_by("day"):
        for name, change_minor in (
            ("fund", day.fund_minor),
            ("lent", day.lent_minor),
            ("repaid", day.repaid_minor),
        ):
            if change_minor:
                yield BankMovement(
                    "", f"{name}-{day.day}", change_minor, CURRENCY, day.settled_at or clock.now()
                )
