"""Questions about clearing: what falls due, and both halves of everything for the proof."""

import uuid
from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from config.kernel.due_times import Earliest
from config.kernel.rows import first_or
from wallet.clearing.models import IncomingTransfer, OutgoingTransfer
from wallet.clearing.rules import Half
from wallet.clearing.values import IncomingState, OutgoingState
from wallet.payments.rules import TransferUnknown


def undecided() -> QuerySet[IncomingTransfer]:
    """What has come and is neither credited nor refused, oldest first."""
    return IncomingTransfer.objects.filter(state=IncomingState.RECEIVED).order_by("received_at")


def refused() -> QuerySet[OutgoingTransfer]:
    """What the other unit refused and the payer does not have back yet."""
    return OutgoingTransfer.objects.filter(state=OutgoingState.REFUSED).order_by("due_at")


def unanswered(now: datetime) -> QuerySet[OutgoingTransfer]:
    """What the other unit should have answered by now, longest overdue first."""
    rows = OutgoingTransfer.objects.filter(state=OutgoingState.SENT, due_at__lte=now)
    return rows.order_by("due_at")


def transfer_of_payer(*, payer_id: uuid.UUID, transfer_id: uuid.UUID) -> OutgoingTransfer:
    """A transfer that this user has sent; other people's are not found.

    Raises:
        TransferUnknown: there is none.
    """
    rows = OutgoingTransfer.objects.filter(id=transfer_id, payer_id=payer_id)
    return first_or(rows, TransferUnknown())


def has_open(payer_id: uuid.UUID) -> bool:
    """Whether money of theirs may still come back."""
    return OutgoingTransfer.objects.filter(payer_id=payer_id, due_at__isnull=False).exists()


next_undecided_at = Earliest(undecided, "received_at")
next_refused_at = Earliest(refused, "created_at")
next_unanswered_at = Earliest(
    lambda: OutgoingTransfer.objects.filter(state=OutgoingState.SENT), "due_at"
)


_FACTS = ("payer_id", "payee_id", "amount_minor", "currency", "reference")


def outgoing_halves(alias: str) -> Iterator[Half]:
    """The payers' halves that a database has, in the order of their ids."""
    columns = ("id", "state", *_FACTS, "unit", "payee_unit")
    rows = OutgoingTransfer.objects.using(alias).order_by("id").values_list(*columns)
    for transfer_id, state, *facts in rows.iterator():
        yield Half(transfer_id, True, tuple(facts), state, facts[2])


def incoming_halves(alias: str) -> Iterator[Half]:
    """The payees' halves that a database has, in the order of their ids."""
    columns = ("id", "state", *_FACTS, "payer_unit", "unit")
    rows = IncomingTransfer.objects.using(alias).order_by("id").values_list(*columns)
    for transfer_id, state, *facts in rows.iterator():
        yield Half(transfer_id, False, tuple(facts), state, facts[2])
