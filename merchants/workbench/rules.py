"""Rules of the workbench: what a fault may be, and whether it strikes. Pure."""

import hashlib

from config.kernel.errors import InvalidRequest
from merchants.workbench.values import ALWAYS_PERCENT, LONGEST_DELAY_MS, FaultKind


class FaultInvalid(InvalidRequest):
    """A fault has a share, a number of times or a delay that it may not have."""

    code = "fault_invalid"
    message = "A fault strikes 1 to 100 percent, at least once, and delays 1 to 30000 ms."


def check_fault(*, kind: FaultKind, percent: int, times: int | None, delay_ms: int) -> None:
    """Check what is to be switched on.

    Raises:
        FaultInvalid: naming the value that is out of bounds.
    """
    if not 1 <= percent <= ALWAYS_PERCENT:
        raise FaultInvalid(field="percent")
    if times is not None and times < 1:
        raise FaultInvalid(field="times")
    needs_delay = kind is FaultKind.DELAY_ANSWER
    if not (1 if needs_delay else 0) <= delay_ms <= (LONGEST_DELAY_MS if needs_delay else 0):
        raise FaultInvalid(field="delay_ms")


def strikes(*, seed: int, kind: FaultKind, draw: int, percent: int) -> bool:
    """Whether the `draw`-th call is struck: the same for the same seed, everywhere."""
    digest = hashlib.sha256(f"{seed}:{kind.value}:{draw}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % ALWAYS_PERCENT < percent
