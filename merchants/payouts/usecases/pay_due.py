"""Move every payout on that has a next step due."""

import logging
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime

from config.kernel.errors import SaomaError
from config.kernel.failpoints import failpoint
from merchants.payouts import queries
from merchants.payouts.usecases.create_payout import create_payout
from merchants.payouts.usecases.receive_answer import receive_answer
from merchants.payouts.usecases.receive_message import process_message
from merchants.payouts.usecases.settle_payout import flag_overdue
from merchants.payouts.usecases.submit_payout import submit_payout

log = logging.getLogger(__name__)


def create_due(*, now: datetime) -> int:
    """Make the payouts of batches calculated by `now`; returns how many batches moved."""
    return _each(queries.batches_to_pay(now), _create)


def submit_due(*, now: datetime) -> int:
    """Send payouts to the bank; returns how many."""
    return _each(queries.payouts_to_submit(now), _submit)


def process_due_replies(*, now: datetime) -> int:
    """Take in what the bank has said by `now`; returns how many answers and messages."""
    answers = _each(queries.answers_due(now), _process_reply)
    return answers + _each(queries.messages_due(now), _process)


def flag_due(*, now: datetime) -> int:
    """Mark the payouts that the bank is silent about; returns how many."""
    return _each(queries.payouts_overdue(now), _flag)


def _flag(payout_id: uuid.UUID) -> None:
    flag_overdue(payout_id=payout_id)


def _create(batch_id: uuid.UUID) -> None:
    create_payout(batch_id=batch_id)
    failpoint("payouts.after_create")


def _submit(payout_id: uuid.UUID) -> None:
    submit_payout(payout_id=payout_id)
    failpoint("payouts.after_submit")


def _process(message_id: uuid.UUID) -> None:
    process_message(message_id=message_id)


def _process_reply(answer_id: uuid.UUID) -> None:
    receive_answer(answer_id=answer_id)


def _each(ids: Iterable[uuid.UUID], step: Callable[[uuid.UUID], None]) -> int:
    """Do each; one that is refused is logged and stays due."""
    count = 0
    for each_id in ids:
        try:
            step(each_id)
        except SaomaError as error:
            log.warning("payout step refused: %s", error, extra={"id": str(each_id)})
        else:
            count += 1
    return count
