"""Transfers and batches of them in the protocol's words."""

from collections.abc import Sequence
from typing import Final

from config.kernel import clock
from merchants.funds.models import BatchLine, TransferBatch
from merchants.funds.rules import has_lapsed
from merchants.funds.values import BatchState, LineState, TransferState

STATUS: Final = {
    TransferState.PROCESSING: "DEALING",
    TransferState.SUCCEEDED: "SUCCESS",
    TransferState.FAILED: "FAIL",
    TransferState.RETURNED: "REFUND",
}
_BATCH: Final = {
    BatchState.WAITING: "WAIT_PAY",
    BatchState.SENDING: "DEALING",
    BatchState.DONE: "SUCCESS",
    BatchState.CLOSED: "INVALID",
}
_LINE: Final = {LineState.WAITING: "DEALING", LineState.FAILED: "FAIL", LineState.CLOSED: "FAIL"}
WON, LOST = frozenset({"SUCCESS"}), frozenset({"FAIL", "REFUND"})


def status_of(row: TransferBatch, lines: Sequence[BatchLine]) -> str:
    """How a batch stands in the protocol's words; one that is done, by what became of its lines."""
    state = BatchState(row.state)
    if has_lapsed(state, row.expires_at, now=clock.now()):
        return _BATCH[BatchState.CLOSED]
    statuses = [line_status(line) for line in lines]
    if state is not BatchState.DONE or not statuses:
        return _BATCH[state]
    if any(status not in WON | LOST for status in statuses):
        return "DEALING"
    if all(status in WON for status in statuses):
        return "SUCCESS"
    return "PART_SUCCESS" if any(status in WON for status in statuses) else "FAIL"


def line_status(line: BatchLine) -> str:
    """How one line of a batch stands in the protocol's words."""
    if line.transfer is not None:
        return STATUS[TransferState(line.transfer.state)]
    if line.state == LineState.WAITING and line.batch.state == BatchState.WAITING:
        return "WAIT_PAY"
    return _LINE[LineState(line.state)]
