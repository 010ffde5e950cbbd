"""Rows that follow an answer: kept for a moment and written many at once by a thread.

For logs that an answer must not wait for. What waits is lost if the process is killed, and
written if it ends in order; so nothing that has to be true may come this way.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing import util
from typing import Generic, TypeVar

from django.db import InterfaceError, OperationalError, connection

Row = TypeVar("Row")
log = logging.getLogger(__name__)


class WriteBehind(Generic[Row]):
    """A bounded queue of rows, and the thread that empties it.

    Args:
        name: of the thread, and in the log.
        write: writes some rows in one transaction, all or none; returns how many.
        batch: how many are written at once; so many that wait are written at once.
        full: with so many unwritten rows the database is in trouble: no more are taken.
        wait_s: seconds that a row waits at the most, where the database is well.
    """

    def __init__(
        self,
        name: str,
        write: Callable[[Sequence[Row]], int],
        *,
        batch: int,
        full: int,
        wait_s: float = 0.2,
    ) -> None:
        self.name, self.write = name, write
        self.batch, self.full, self.wait_s = batch, full, wait_s
        self._waiting: list[Row] = []
        self._some = threading.Condition()
        self._writing = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, row: Row) -> bool:
        """Take a row over; False if there are too many, and the caller has to see to it."""
        with self._some:
            if len(self._waiting) >= self.full:
                return False
            self._waiting.append(row)
            if self._thread is None:
                self._start()
            if len(self._waiting) == 1 or len(self._waiting) >= self.batch:
                self._some.notify()
        return True

    def flush(self) -> int:
        """Write what waits, now; returns how many rows were written.

        While the database is away they wait on. A row that it will not have is logged and
        left out, and does not take its neighbours with it.
        """
        written = 0
        with self._writing:
            while rows := self._take():
                try:
                    written += self._write(rows)
                except (OperationalError, InterfaceError):
                    log.exception("rows cannot be written yet", extra={"queue": self.name})
                    with self._some:
                        self._waiting[:0] = rows
                    break
        return written

    def _write(self, rows: Sequence[Row]) -> int:
        try:
            return self.write(rows)
        except (OperationalError, InterfaceError):
            raise
        except Exception:  # The thread's edge: whatever is wrong with one row ends here.
            if len(rows) == 1:
                log.exception("a row was left out", extra={"queue": self.name})
                return 0
        return sum(self._write([row]) for row in rows)

    def _take(self) -> list[Row]:
        with self._some:
            rows, self._waiting = self._waiting[: self.batch], self._waiting[self.batch :]
        return rows

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()
        util.Finalize(None, self.flush, exitpriority=10)

    def _run(self) -> None:
        while True:
            with self._some:
                self._some.wait_for(lambda: self._waiting)
                self._some.wait_for(lambda: len(self._waiting) >= self.batch, self.wait_s)
            self.flush()
            if self._waiting:
                time.sleep(self.wait_s)  # The database is away.
            else:
                connection.close()  # It may be long until the next row.
