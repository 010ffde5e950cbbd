"""Jobs of authorisations, and the consumer of incoming money."""

import uuid
from datetime import datetime

from config.kernel import timetable
from config.kernel.outbox.consumers import subscribe
from config.kernel.outbox.models import OutboxEvent
from wallet.authorisations import queries
from wallet.authorisations.usecases import collect_arrears, expire_authorisations
from wallet.payments.usecases.deposit_back import send_deposit_back

NAME = "authorisations.collect_arrears"


@timetable.job(
    "authorisations.close_waiting",
    tells=("authorisation.closed",),
    next_due=queries.next_waiting_at,
)
def close_waiting(now: datetime) -> int:
    """Close freezes whose payer did not agree in time."""
    return expire_authorisations.expire_waiting(at=now)


@timetable.job(
    "authorisations.expire",
    tells=("authorisation.released", "authorisation.closed"),
    next_due=queries.next_expiry_at,
)
def expire(now: datetime) -> int:
    """Give back what is left of authorisations whose life is over."""
    return expire_authorisations.expire_authorisations(at=now)


@timetable.job(
    "authorisations.remind",
    tells="the payer owes the platform, the merchant has its money",
    next_due=queries.next_arrears_at,
)
def remind(now: datetime) -> int:
    """Collect from, or remind, those who owe."""
    return collect_arrears.remind_debtors(at=now)


@subscribe("topup.succeeded", name=NAME)
def collect_from_topup(event: OutboxEvent) -> None:
    """A top-up pays what its owner owes."""
    payer_id = queries.owner_of_topup(uuid.UUID(str(event.payload["topup_id"])))
    collect_arrears.collect_arrears(payer_id=payer_id)


@subscribe("refund.succeeded", name=NAME)
def collect_from_refund(event: OutboxEvent) -> None:
    """A refund pays what its receiver owes; the rest goes on to the bank of who wished so."""
    collect_arrears.collect_arrears(payer_id=uuid.UUID(str(event.payload["payer_id"])))
    send_deposit_back(refund_id=uuid.UUID(str(event.payload["refund_id"])))


@subscribe("transfer.succeeded", name=NAME)
def collect_from_transfer(event: OutboxEvent) -> None:
    """Money from another person pays what its receiver owes."""
    collect_arrears.collect_arrears(payer_id=uuid.UUID(str(event.payload["payee_id"])))
