"""The simulated bank's statement of our account: everything it moved, as it knows it.

A bank of your own sends its statement as a file; this one writes what its diaries of
top-ups, withdrawals, payouts and transfers to cards say, returns and recalls among them.
"""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain

from config.kernel import clock
from merchants.funds.bank import movements as card_movements
from merchants.payouts.bank import movements as payout_movements
from merchants.reconciliation.queries import house_bounds
from merchants.reconciliation.values import CURRENCY, LineStatus, Statement, StatementLine
from wallet.public import BankMovement, bank_movements, campaign_movements, partner_movements


def statement_of(day: date) -> Statement:
    """The bank's statement of a house day; of a day that is not over, what there is so far."""
    begins, ends = house_bounds(day)
    now = clock.now()
    opening_minor = 0
    lines = []
    for movement in _movements(min(ends, now)):
        if movement.at < begins:
            opening_minor += movement.change_minor
        elif movement.at < ends:
            lines.append(_line(movement))
    lines.sort(key=lambda line: (line.booked_at, line.bank_reference))
    return Statement(
        day=day,
        currency=CURRENCY,
        made_at=now,
        opening_minor=opening_minor,
        closing_minor=opening_minor + sum(line.amount_minor for line in lines),
        lines=tuple(lines),
    )


def _movements(until: datetime) -> Iterator[BankMovement]:
    return chain(
        bank_movements(until),
        campaign_movements(until),
        partner_movements(until),
        payout_movements(until),
        card_movements(until),
    )


def _line(movement: BankMovement) -> StatementLine:
    return StatementLine(
        bank_reference=movement.bank_reference,
        reference=movement.reference,
        amount_minor=movement.change_minor,
        fee_minor=0,
        currency=movement.currency,
        status=LineStatus.BOOKED,
        booked_at=movement.at,
    )
