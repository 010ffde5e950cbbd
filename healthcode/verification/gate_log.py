"""Looks at codes on their way into the tables, for gates that must not wait for them.

A gate's answer needs one look-up; writing down that it looked takes three inserts and a
commit. So looks are kept here for a moment and written many at once by a thread, at the
latest FLUSH_S later, and when the process ends in order. What a crash costs:
healthcode/decisions/0003-scans-are-logged-in-batches.md.
"""

import logging
import threading
from multiprocessing import util

from django.db import DatabaseError, connection

from healthcode.verification.usecases.record_looks import GateLook, record_looks

FLUSH_S = 0.2
BATCH = 100
# With so many unwritten looks the database is in trouble: gates then wait for their own.
FULL = 5000
log = logging.getLogger(__name__)


class GateLog:
    """A queue of looks, and the thread that empties it."""

    def __init__(self) -> None:
        self._waiting: list[GateLook] = []
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    def put(self, look: GateLook) -> bool:
        """Take a look over; False if there are too many, and the caller must write it."""
        with self._lock:
            if len(self._waiting) >= FULL:
                return False
            self._waiting.append(look)
            if self._thread is None:
                self._start()
        if len(self._waiting) >= BATCH:
            self._wake.set()
        return True

    def flush(self) -> int:
        """Write what waits, now; what cannot be written waits on. Returns how many were."""
        written = 0
        with self._writing:
            while batch := self._take():
                try:
                    written += record_looks(batch)
                except DatabaseError:
                    log.exception("looks at codes could not be written yet")
                    with self._lock:
                        self._waiting[:0] = batch
                    break
        return written

    def _take(self) -> list[GateLook]:
        with self._lock:
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
        return batch

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="gate-log", daemon=True)
        self._thread.start()
        util.Finalize(None, self.flush, exitpriority=10)

    def _run(self) -> None:
        while True:
            self._wake.wait(FLUSH_S)
            self._wake.clear()
            if self._waiting:
                self.flush()
                if not self._waiting:
                    connection.close()  # It may be long until the next look.


LOG = GateLog()
