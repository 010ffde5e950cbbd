"""Open and close the cases in which people look at payouts."""

import uuid

from config.kernel import clock, transactions
from config.kernel.approvals import targets
from merchants.payouts.models import Payout, PayoutCase
from merchants.payouts.values import CaseKind

SYSTEM = "system:payouts"


def open_case(
    payout: Payout, kind: CaseKind, *, reason: str = "", in_suspense: bool = False
) -> PayoutCase:
    """Open a case about a payout, or give the one that is open.

    Locks: none; the caller holds the payout.
    """
    transactions.require()
    case, _ = PayoutCase.objects.get_or_create(
        payout=payout,
        kind=kind,
        closed_at=None,
        defaults={"reason": reason[:64], "in_suspense": in_suspense},
    )
    return case


def close_cases(payout: Payout, *kinds: CaseKind, actor: str = SYSTEM) -> int:
    """Close a payout's open cases of some kinds; returns how many there were.

    Locks: none; the caller holds the payout or its batch.
    """
    transactions.require()
    rows = PayoutCase.objects.filter(payout=payout, kind__in=kinds, closed_at__isnull=True)
    for case in rows:
        targets.moved(case_target(case.id), actor=actor)
    return rows.update(closed_at=clock.now(), closed_by=actor, in_suspense=False)


def case_target(case_id: uuid.UUID) -> str:
    """A case as approvals name it."""
    return f"payout_case:{case_id}"
