"""Move what waits for a deal: to the seller, back to the buyer, or to a bundle's partners."""

import uuid

from config.kernel import clock
from merchants.acceptance.usecases.refund import refund_locked_trade
from merchants.deals import queries
from merchants.deals.models import Deal, DealPayment
from merchants.escrow.usecases.release_escrow import keep_escrow, release_escrow
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.open_balance import open_balance
from merchants.terms.queries import today_of
from wallet import public as wallet


def held_for(deal: Deal) -> int:
    """What waits for a deal in all, in minor units."""
    return sum(_held(stage) for stage in queries.stages_paid(deal))


def release_rest(deal: Deal) -> int:
    """Release what waits to the seller, in the caller's transaction; gives how much it was.

    What was released by another door before is left alone.

    Locks: each payment, then the ledger accounts.
    """
    total_minor = 0
    for stage in queries.stages_paid(deal):
        wallet.locked_payment(stage.payment_id)
        row = keep_escrow(payment_id=stage.payment_id)
        if row is None or row.released_at is not None or _held(stage) == 0:
            continue
        outcome = release_escrow(payment_id=stage.payment_id, request_no=f"deal:{deal.id}")
        total_minor += outcome.amount_minor
    return total_minor


def was_released(deal: Deal) -> bool:
    """Whether any of a deal's money has gone to the seller."""
    rows = (keep_escrow(payment_id=stage.payment_id) for stage in queries.stages_paid(deal))
    return any(row is not None and row.released_at is not None for row in rows)


def give_back(deal: Deal, amount_minor: int, *, request_no: str, reason: str) -> int:
    """Refund up to an amount of what waits, the last stage's first; gives how much it was.

    Locks: each payment, the merchant, then the ledger accounts.
    """
    rest_minor = amount_minor
    for stage in reversed(queries.stages_paid(deal)):
        trade = wallet.locked_payment(stage.payment_id)
        part_minor = min(rest_minor, _held(stage))
        if part_minor <= 0:
            continue
        refund_locked_trade(
            trade=trade,
            amount_minor=part_minor,
            request_no=request_no,
            reason=reason,
        )
        rest_minor -= part_minor
    return amount_minor - rest_minor


def give_share(deal: Deal, partner: Merchant, amount_minor: int, *, key: str) -> uuid.UUID:
    """Move a share of what waits into a partner's balance, once for a key; gives the journal.

    Raises:
        InsufficientFunds: less waits than that.

    Locks: the payment, then the ledger accounts.
    """
    stage = queries.stages_paid(deal)[-1]
    trade = wallet.locked_payment(stage.payment_id)
    return wallet.post_journal(
        wallet.Draft(
            key=key,
            kind="escrow_share",
            lines=(
                wallet.debit(trade.payee_account_id, amount_minor, deal.currency),
                wallet.credit(open_balance(partner), amount_minor, deal.currency),
            ),
            posted_at=clock.now(),
            business_date=today_of(partner),
            reference=trade.number,
            narrative="bundle used",
        )
    )


def _held(stage: DealPayment) -> int:
    trade = wallet.payment(stage.payment_id)
    return wallet.balance(trade.payee_account_id).available_minor
