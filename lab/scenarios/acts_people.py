"""Acts between people and their money: disputes, and time that passes within a step."""

from config.kernel.errors import required
from lab.scenarios.acting import Facts, acts_of
from lab.scenarios.stage import Stage
from merchants.disputes.queries import dispute as dispute_of
from merchants.disputes.usecases.open_dispute import open_dispute
from merchants.disputes.values import DisputeReason
from wallet import public as wallet


def wait(stage: Stage, *, until: str) -> Facts:
    """Let time pass; the step's entries are what fell due on the way."""
    stage.move_to(until)
    return {}


def dispute(stage: Stage, *, person: str, shop: str, order: str, reason: str, keep: str) -> Facts:
    """Somebody disputes all they paid for an order."""
    trade = required(
        wallet.payment_by_reference(
            payee_id=stage.merchant(shop).id, reference=stage.number(shop, order)
        ),
        "it was paid here",
    )
    row = open_dispute(
        payment_id=trade.id,
        buyer_id=stage.person(person).id,
        reason=DisputeReason(reason),
        text=order,
    )
    stage.kept[keep] = row.id
    return {"state": row.state}


def dispute_stands(stage: Stage, *, dispute: str, until: str = "") -> Facts:
    """How a dispute stands, after some time."""
    stage.move_to(until)
    return {"state": dispute_of(stage.kept[dispute]).state}


ACTS = acts_of(wait, dispute, dispute_stands)
