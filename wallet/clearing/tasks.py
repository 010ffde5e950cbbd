"""Messages and jobs of clearing, and what of it keeps a wallet from being closed."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from config.kernel import timetable
from config.kernel.outbox.consumers import subscribe_set
from config.kernel.outbox.models import OutboxEvent
from wallet.accounts.usecases.close_user import keeps_wallet_open
from wallet.clearing import queries
from wallet.clearing.models import IncomingTransfer, OutgoingTransfer
from wallet.clearing.usecases.ask_again import ask_again
from wallet.clearing.usecases.credit_transfers import credit_transfers
from wallet.clearing.usecases.exchange_messages import carry_answers, carry_transfers
from wallet.clearing.usecases.return_transfers import return_transfers


@keeps_wallet_open("crossing_transfer")
def has_open_transfer(user_id: uuid.UUID) -> bool:
    """Whether money of theirs may still come back from another unit."""
    return queries.has_open(user_id)


@subscribe_set("clearing.sent", name="clearing.carry")
def carry(events: Sequence[OutboxEvent]) -> None:
    """Tell the payees' units what was sent."""
    carry_transfers(list(OutgoingTransfer.objects.filter(id__in=_ids(events))))


@subscribe_set("clearing.decided", name="clearing.answer")
def answer(events: Sequence[OutboxEvent]) -> None:
    """Tell the payers' units what was decided."""
    carry_answers(list(IncomingTransfer.objects.filter(id__in=_ids(events))))


def _ids(events: Sequence[OutboxEvent]) -> list[uuid.UUID]:
    return [uuid.UUID(str(event.payload["transfer_id"])) for event in events]


_TELLS = "the balance's statement shows it"


@timetable.job("clearing.credit", tells=_TELLS, next_due=queries.next_undecided_at)
def credit(now: datetime) -> int:
    """Credit, or refuse, what has come from other units."""
    return credit_transfers(now=now)


@timetable.job("clearing.return", tells="a customer's own matter", next_due=queries.next_refused_at)
def give_back(now: datetime) -> int:
    """Give back what other units have refused."""
    return return_transfers(now=now)


@timetable.job(
    "clearing.ask_again", tells="a customer's own matter", next_due=queries.next_unanswered_at
)
def ask(now: datetime) -> int:
    """Ask units again that have not answered."""
    return ask_again(now=now)
