"""Carry transfers to the payee's unit and answers back: all that touches another database.

Each message is one statement that may be sent any number of times: a transfer is inserted
if it is not there, an answer changes what is still SENT. A database that is away stops
nobody here; what is open falls due again.
"""

import itertools
import logging
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import TypeVar

from django.db import DatabaseError

from config.kernel.failpoints import failpoint
from config.kernel.placement import rows_in
from wallet.clearing.models import IncomingTransfer, OutgoingTransfer
from wallet.clearing.values import ANSWERS, IncomingState, OutgoingState

log = logging.getLogger(__name__)
T = TypeVar("T", OutgoingTransfer, IncomingTransfer)


def carry_transfers(transfers: Sequence[OutgoingTransfer]) -> None:
    """Write the payee's half of each transfer into its unit's database, if it is not there."""
    failpoint("clearing.before_carry")
    for unit, some in _by_unit(transfers, "payee_unit"):
        try:
            rows_in(IncomingTransfer, unit).bulk_create(
                [_incoming_half(transfer) for transfer in some], ignore_conflicts=True
            )
        except DatabaseError:
            _away(unit)
    failpoint("clearing.after_carry")


def carry_answers(transfers: Sequence[IncomingTransfer]) -> None:
    """Write what was decided on each transfer into the payer's unit's database."""
    failpoint("clearing.before_answer")
    for unit, some in _by_unit(transfers, "payer_unit"):
        try:
            for transfer in some:
                _answer(transfer)
        except DatabaseError:
            _away(unit)
    failpoint("clearing.after_answer")


def fetch_answers(transfers: Sequence[OutgoingTransfer]) -> None:
    """Read in the payees' units what was decided, where no answer has arrived here."""
    for unit, some in _by_unit(transfers, "payee_unit"):
        ids = [transfer.id for transfer in some]
        try:
            decided = list(rows_in(IncomingTransfer, unit).filter(id__in=ids, state__in=ANSWERS))
        except DatabaseError:
            _away(unit)
            continue
        for transfer in decided:
            _answer(transfer)


def _by_unit(transfers: Sequence[T], column: str) -> Iterator[tuple[int, list[T]]]:
    """The transfers of each unit, in the order of their ids: nobody waits for another in a ring."""
    order = attrgetter(column, "id")
    for unit, some in itertools.groupby(sorted(transfers, key=order), key=attrgetter(column)):
        yield unit, list(some)


def _away(unit: int) -> None:
    log.warning("another unit's database does not answer", extra={"unit": unit}, exc_info=True)


def _answer(transfer: IncomingTransfer) -> None:
    state = ANSWERS[IncomingState(transfer.state)]
    rows = rows_in(OutgoingTransfer, transfer.payer_unit)
    changes = {"due_at": None} if state is OutgoingState.COMPLETED else {}
    rows.filter(id=transfer.id, state=OutgoingState.SENT).update(
        state=state, reason=transfer.reason, **changes
    )


def _incoming_half(transfer: OutgoingTransfer) -> IncomingTransfer:
    return IncomingTransfer(
        id=transfer.id,
        payer_id=transfer.payer_id,
        payee_id=transfer.payee_id,
        amount_minor=transfer.amount_minor,
        currency=transfer.currency,
        reference=transfer.reference,
        unit=transfer.payee_unit,
        payer_unit=transfer.unit,
    )
