"""The lab's faults around a method: an error before it or after it, a late answer.

An answer that is dropped is dropped by the transport, after everything is done.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from merchants.gateway.schema import Method
from merchants.protocol.values import GatewayFault
from merchants.workbench.values import FaultPlan


class AnswerDropped(ConnectionAbortedError):
    """The lab cut the connection in the middle of an answer, as it was asked to."""


@contextmanager
def inject_faults(plan: FaultPlan, method: Method[Any]) -> Iterator[None]:
    """Inject the planned faults around one call.

    Raises:
        GatewayFault: the result is unknown to the caller: nothing has happened, or all of
            it, and only a query tells.
    """
    if plan.error_before:
        raise GatewayFault(method.words.unavailable)
    yield
    if plan.delay_ms:
        time.sleep(plan.delay_ms / 1000)
    if plan.error_after:
        raise GatewayFault(method.words.unavailable)


def broken_off(body: bytes) -> Iterator[bytes]:
    """The first half of an answer; then the connection ends.

    Raises:
        AnswerDropped: after the half.
    """
    yield body[: len(body) // 2]
    raise AnswerDropped
