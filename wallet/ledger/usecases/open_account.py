"""Open a ledger account."""

import uuid

from django.db import connection

from config.kernel import clock, transactions
from config.kernel.errors import invariant
from wallet.ledger.models import Account
from wallet.ledger.rules import AccountConflict
from wallet.ledger.values import CHART, AccountKind, Side, account_id


@transactions.atomic_retry
def open_account(
    *,
    code: str,
    kind: str,
    currency: str,
    owner_id: uuid.UUID | None = None,
    normal_side: str,
    hot: bool = False,
    floor_minor: int | None = 0,
    unit: int = 0,
) -> uuid.UUID:
    """Open an account, or return the one that has this code already.

    Args:
        code: its name in the chart, `user:{id}:available`; at most 96 characters.
        kind: an AccountKind.
        currency: ISO 4217 code.
        owner_id: whose money it is; None for the house's own accounts.
        normal_side: the side that raises it, a Side.
        hot: whether many payments meet here at once: credits are then appended and
            rolled up into the balance later.
        floor_minor: posted less held may not fall below it, in minor units; None: no floor.
        unit: placement unit of the owner, 0 to 99.

    Raises:
        AccountConflict: the code belongs to an account of another nature.
    """
    invariant(0 < len(code) <= 96, "an account code has 1 to 96 characters")
    row, _ = Account.objects.get_or_create(
        id=account_id(code),
        defaults={
            "code": code,
            "kind": AccountKind(kind),
            "currency": currency,
            "owner_id": owner_id,
            "normal_side": Side(normal_side),
            "hot": hot,
            "floor_minor": floor_minor,
            "unit": unit,
            "opened_at": clock.now(),
        },
    )
    if (row.kind, row.currency, row.normal_side) != (kind, currency, normal_side):
        raise AccountConflict(code=code)
    return row.id


def open_system_account(code: str, currency: str = "CNY") -> uuid.UUID:
    """Open one of the house's own accounts as the chart in `values` has it; safe to repeat."""
    chart_entry = CHART[code]
    return open_account(
        code=code,
        kind=chart_entry.kind,
        currency=currency,
        normal_side=chart_entry.normal_side,
        hot=True,
        floor_minor=chart_entry.floor_minor,
    )


def open_chart() -> None:
    """Open all of the house's own accounts; safe to repeat. Without tables it does nothing."""
    if Account._meta.db_table in connection.introspection.table_names():
        for code in CHART:
            open_system_account(code)
