"""Value what the platform owes in each currency at the day's rate, and book what that changes."""

import uuid
from datetime import date, datetime, timedelta

from django.conf import settings

from config.kernel import clock, transactions
from config.kernel.claims import claim, in_batches
from merchants.exchange import queries, rules
from merchants.exchange.models import FxValuation
from merchants.exchange.values import PAID_IN
from wallet import public as wallet
from wallet.business_days import cut_off

RATE_RETRY = timedelta(hours=1)


def plan_valuation(currency: str) -> None:
    """Let a currency's position be valued when the house day ends; again changes nothing."""
    day = clock.house_day()
    FxValuation.objects.get_or_create(
        currency=currency,
        due_at__isnull=False,
        defaults={"day": day, "due_at": _end_of(day)},
    )


def value_positions(*, now: datetime) -> int:
    """Value the positions whose day is over; safe twice and beside other workers.

    Each statement is of the gain to date, and only what differs from the books is posted:
    a day that was missed is made up by the next one, and none counts twice.
    """
    return in_batches(_value_one, now)


@transactions.atomic_retry
def _value_one(now: datetime) -> int:
    """Value one position; without a rate it is tried again in an hour.

    Locks: the currency's waiting row, of which there is one; then the ledger accounts.
    """
    rows = claim(FxValuation.objects.filter(due_at__lte=now).order_by("due_at"), 1)
    for row in rows:
        try:
            row.rate_micro = queries.rate_micro(row.currency)
        except rules.RateUnavailable:
            row.due_at = now + RATE_RETRY
            row.save()
        else:
            _value(row, now)
    return len(rows)


def _value(row: FxValuation, now: datetime) -> None:
    row.open_minor, row.taken_minor = queries.open_position(row.currency)
    worth_minor = rules.worth_minor(row.open_minor, row.currency, rate_micro=row.rate_micro)
    row.gain_minor = row.taken_minor - worth_minor
    # It is no receivable: what nobody has paid yet covers no client's money.
    valuation_id = _account(
        f"fx:valuation:{row.currency}", wallet.AccountKind.ASSET, wallet.Side.DEBIT
    )
    row.change_minor = row.gain_minor - wallet.balance(valuation_id).posted_minor
    next_day = max(row.day + timedelta(days=1), clock.house_day(now))
    if not row.open_minor and not row.change_minor:
        # Nothing to tell of this day: the row waits for another one.
        row.day, row.due_at = next_day, _end_of(next_day)
        row.save()
        return
    if row.change_minor:
        row.journal_id = _post(row, valuation_id, now)
    row.due_at, row.valued_at = None, now
    row.save()
    FxValuation.objects.create(currency=row.currency, day=next_day, due_at=_end_of(next_day))


def _account(code: str, kind: wallet.AccountKind, normal_side: wallet.Side) -> uuid.UUID:
    """An account of the house's in yuan, which may fall below zero."""
    return wallet.open_account(
        code=code, kind=kind, currency=PAID_IN, normal_side=normal_side, hot=True, floor_minor=None
    )


def _post(row: FxValuation, valuation_id: uuid.UUID, now: datetime) -> uuid.UUID:
    """Post the change of one day and currency: debit the valuation where it is a gain."""
    gain_loss_id = _account("fx:gain_loss", wallet.AccountKind.REVENUE, wallet.Side.CREDIT)
    gains = row.change_minor > 0
    debited_id, credited_id = (
        (valuation_id, gain_loss_id) if gains else (gain_loss_id, valuation_id)
    )
    amount_minor = abs(row.change_minor)
    return wallet.post_journal(
        wallet.Draft(
            key=f"fx-valuation:{row.currency}:{row.day}",
            kind="fx_valuation",
            lines=(
                wallet.debit(debited_id, amount_minor, PAID_IN),
                wallet.credit(credited_id, amount_minor, PAID_IN),
            ),
            posted_at=now,
            business_date=row.day,
            reference=f"{row.currency} {row.day}",
        )
    )


def _end_of(day: date) -> datetime:
    return cut_off(day + timedelta(days=1), zone=settings.TIME_ZONE, hour=0)
