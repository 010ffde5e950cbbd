"""Reduce an authorisation by an amount: its holds first, then its guarantee."""

import uuid
from datetime import datetime

from config.kernel.errors import invariant
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.consume_limit import unreserve_outgoing
from wallet.authorisations.models import Authorisation
from wallet.authorisations.usecases.guarantee import end_guarantee
from wallet.authorisations.values import OperationKind, Split
from wallet.ledger import queries as ledger
from wallet.ledger.usecases.change_state import locked_account
from wallet.ledger.usecases.release_hold import release_part
from wallet.ledger.values import HoldState


def release_reserved(
    *,
    row: Authorisation,
    payer: WalletUser,
    split: Split,
    key: str,
    at: datetime,
    hold_first: uuid.UUID | None = None,
) -> None:
    """Return `split` to the payer's available balance, limits and our free word.

    Changes the locked authorisation's row and leaves saving it to the caller.

    Args:
        row: the authorisation, locked.
        payer: its payer.
        split: what is taken, at most what is left.
        key: of the memo journal.
        at: now.
        hold_first: the hold that gives first; the others follow, oldest first.

    Locks: the payer's ledger account, its holds, the person's limit usage, then the
    memo account.
    """
    locked_account(payer.available_account_id)
    rest_minor = split.funds_minor
    freezes = row.operations.filter(kind=OperationKind.FREEZE).order_by("created_at", "id")
    hold_ids = [freeze.hold_id for freeze in freezes if freeze.hold_id is not None]
    for hold_id in sorted(hold_ids, key=lambda hold_id: hold_id != hold_first):
        hold = ledger.hold(hold_id)
        part_minor = min(hold.amount_minor, rest_minor)
        if hold.state == HoldState.HELD and part_minor:
            release_part(hold_id=hold_id, amount_minor=part_minor)
            rest_minor -= part_minor
    invariant(rest_minor == 0, "the holds cover what is held")
    unreserve_outgoing(user_id=payer.id, amount_minor=split.funds_minor + split.credit_minor)
    end_guarantee(row=row, payer=payer, key=key, amount_minor=split.credit_minor, at=at)
    row.held_minor -= split.funds_minor
    row.waived_minor -= split.credit_minor
