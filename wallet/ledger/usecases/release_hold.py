"""Release a hold: return reserved funds to the available balance."""

import uuid

from django.db.models import F

from config.kernel import clock, transactions
from config.kernel.errors import invariant
from wallet.ledger import queries
from wallet.ledger.models import Account, Hold
from wallet.ledger.rules import HoldSettled
from wallet.ledger.usecases.change_state import locked_account
from wallet.ledger.values import HoldState


@transactions.atomic_retry
def release_hold(*, hold_id: uuid.UUID) -> None:
    """Return a hold's amount to the available balance.

    Releasing what has been released, or has expired, changes nothing.

    Raises:
        UnknownHold: there is no such hold.
        HoldSettled: it has been captured; the money has moved.

    Locks: the account, then the hold.
    """
    hold = locked_hold(hold_id)
    if hold.state == HoldState.CAPTURED:
        raise HoldSettled(hold_id=str(hold_id), state=hold.state)
    if hold.state == HoldState.HELD:
        give_back(hold)
        end_hold(hold, HoldState.RELEASED)


@transactions.atomic_retry
def release_part(*, hold_id: uuid.UUID, amount_minor: int) -> None:
    """Return part of a hold to the available balance; all of it ends the hold.

    A caller that takes the part releases it and posts its journal in one transaction:
    the account stays locked in between.

    Args:
        hold_id: a hold in force.
        amount_minor: in minor units, above zero and at most the hold's amount.

    Raises:
        UnknownHold: there is no such hold.
        HoldSettled: it is no longer in force.

    Locks: the account, then the hold.
    """
    hold = locked_hold(hold_id)
    if hold.state != HoldState.HELD:
        raise HoldSettled(hold_id=str(hold_id), state=hold.state)
    invariant(0 < amount_minor <= hold.amount_minor, "a part is within its hold")
    if amount_minor == hold.amount_minor:
        give_back(hold)
        end_hold(hold, HoldState.RELEASED)
        return
    Account.objects.filter(id=hold.account_id).update(held_minor=F("held_minor") - amount_minor)
    hold.amount_minor -= amount_minor
    hold.save(update_fields=["amount_minor"])


def locked_hold(hold_id: uuid.UUID) -> Hold:
    """The hold, locked after its account.

    Raises:
        UnknownHold: there is no such hold.
    """
    locked_account(queries.hold(hold_id).account_id)
    return Hold.objects.select_for_update(no_key=True, of=("self",)).get(id=hold_id)


def give_back(hold: Hold) -> None:
    """Return a locked hold's amount to its account's available balance."""
    Account.objects.filter(id=hold.account_id).update(
        held_minor=F("held_minor") - hold.amount_minor
    )


def end_hold(hold: Hold, state: HoldState, journal_id: uuid.UUID | None = None) -> None:
    """Put a locked hold that was in force into its last state."""
    hold.state, hold.settled_at, hold.journal_id = state, clock.now(), journal_id
    hold.save(update_fields=["state", "settled_at", "journal_id"])
