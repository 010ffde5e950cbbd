"""Queue the gateway's calls and write them to the log a moment later.

A call must not wait for its own log. What does not fit into the queue is left out: the log
serves developers, and nothing rests on it.
"""

import logging
from typing import Final

from django.conf import settings

from config.kernel.write_behind import WriteBehind
from merchants.workbench.usecases.store_calls import store_calls
from merchants.workbench.values import KEPT_TEXT, Exchange

log = logging.getLogger(__name__)

OFF: Final = "off"
INLINE: Final = "inline"
BACKGROUND: Final = "background"
LOG: Final[WriteBehind[Exchange]] = WriteBehind("gateway-log", store_calls, batch=200, full=2_000)


def is_on() -> bool:
    """Whether calls are written down at all."""
    return bool(settings.SAOMA_GATEWAY_LOG != OFF)


def record_call(exchange: Exchange) -> None:
    """Hand one call over; never raises and never waits for the database."""
    if settings.SAOMA_GATEWAY_LOG == INLINE:
        store_calls([exchange])
    elif not LOG.put(exchange):
        log.warning("the log of gateway calls is full", extra={"trace_id": exchange.trace_id})


def shown(data: bytes) -> str:
    """Bytes of a call as text of bounded length."""
    try:
        return data[:KEPT_TEXT].decode()
    except UnicodeDecodeError:
        return data[:KEPT_TEXT].decode("latin-1")
