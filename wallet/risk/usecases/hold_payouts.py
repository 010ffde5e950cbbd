"""Hold a payee's payouts for a case; whoever pays payees out keeps the hold."""

import uuid
from typing import Protocol

from config.kernel import transactions
from config.kernel.audit.chain import record
from config.kernel.errors import Conflict
from wallet.risk import queries
from wallet.risk.models import RiskCase


class NotPaidOut(Conflict):
    """The case's payee has no payouts that could be held."""

    code = "payee_not_paid_out"
    message = "The payee of this case is not paid out by us."


class Holds(Protocol):
    """Stops a payee's payouts for a case, in the caller's transaction; the same again is a yes.

    Gives whether the payee's payouts are held for the case now: no for a payee without any.
    """

    def __call__(self, *, payee_id: uuid.UUID, case_id: uuid.UUID, reason: str, actor: str) -> bool:
        """Hold them."""


_HOLDS: list[Holds] = []


def holds_payouts(hold: Holds) -> Holds:
    """Register who pays payees out: payouts are made above the wallet."""
    if hold not in _HOLDS:
        _HOLDS.append(hold)
    return hold


def hold_for(case: RiskCase, *, actor: str) -> bool:
    """Hold the payouts of a case's payee; part of the caller's transaction."""
    transactions.require()
    answers = [
        hold(payee_id=case.payee_id, case_id=case.id, reason=case.summary, actor=actor)
        for hold in _HOLDS
    ]
    return any(answers)


@transactions.atomic_retry
def hold_payouts(*, case_id: uuid.UUID, actor: str) -> None:
    """Stop the payouts of a case's payee at once; the same again changes nothing.

    Raises:
        CaseUnknown: there is no such case.
        NotPaidOut: its payee is no merchant.

    Locks: the case.
    """
    case = queries.locked_case(case_id)
    if not hold_for(case, actor=actor):
        raise NotPaidOut()
    record(
        action="risk.hold_payouts",
        actor=actor,
        target=f"payee:{case.payee_id}",
        purpose=case.summary,
        after={"case": str(case.id)},
    )
