"""Takes calls off the gateway's hands and writes them down a moment later.

A call must not wait for its own log. The recorder holds a bounded queue a process; one
thread writes what has come together. What does not fit is left out: the log serves
developers, and nothing rests on it.
"""

import logging
import queue
import threading
import time
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection

from merchants.workbench.usecases.keep_calls import keep_calls
from merchants.workbench.values import KEPT_TEXT, Exchange

log = logging.getLogger(__name__)

OFF: Final = "off"
INLINE: Final = "inline"
BACKGROUND: Final = "background"
QUEUED: Final = 2_000
AT_ONCE: Final = 200
GATHER_S: Final = 0.2

_waiting: queue.Queue[Exchange] = queue.Queue(maxsize=QUEUED)
_started = threading.Lock()
_threads: list[threading.Thread] = []


def is_on() -> bool:
    """Whether calls are written down at all."""
    return bool(settings.SAOMA_GATEWAY_LOG != OFF)


def record_call(exchange: Exchange) -> None:
    """Hand one call over; never raises and never waits for the database."""
    if settings.SAOMA_GATEWAY_LOG == INLINE:
        keep_calls([exchange])
        return
    try:
        _waiting.put_nowait(exchange)
    except queue.Full:
        log.warning("the log of gateway calls is full", extra={"trace_id": exchange.trace_id})
        return
    if not _threads and _started.acquire(blocking=False):
        _threads.append(threading.Thread(target=_write_on, name="gateway-log", daemon=True))
        _threads[0].start()


def flush() -> None:
    """Wait until everything that was handed over has been written down."""
    _waiting.join()


def shown(data: bytes) -> str:
    """Bytes of a call as text of bounded length."""
    try:
        return data[:KEPT_TEXT].decode()
    except UnicodeDecodeError:
        return data[:KEPT_TEXT].decode("latin-1")


def _write_on() -> None:
    """Write calls down, many in one statement, for as long as the process lives."""
    while True:
        calls = [_waiting.get()]
        time.sleep(GATHER_S)
        while len(calls) < AT_ONCE and not _waiting.empty():
            calls.append(_waiting.get_nowait())
        try:
            keep_calls(calls)
        except DatabaseError:
            log.exception("calls of the gateway could not be written down")
        finally:
            connection.close()  # It may be long until the next call.
            for _ in calls:
                _waiting.task_done()
