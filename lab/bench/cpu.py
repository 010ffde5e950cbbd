"""Who spends the machine's time: processor time by process, read from /proc.

Only the benchmark's own processes are counted, so that others on the machine do not show
in the figures of processor time, however much they do in those of the clock.
"""

import os
import time
from pathlib import Path

from django.db import connection

_TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
_NS_PER_MS = 1_000_000


class Meter:
    """Reads what the server's processes, the database's and this one have spent."""

    def __init__(self, server_pid: int) -> None:
        self.server_pid = server_pid

    def read(self) -> dict[str, float]:
        """Milliseconds spent so far by each part; zero where there is no /proc."""
        return {
            "web": sum(spent_ms(pid) for pid in tree(self.server_pid)),
            "database": sum(spent_ms(pid) for pid in backends()),
            "client": time.process_time() * 1000,
        }


def spent_ms(pid: int) -> float:
    """Processor time of a process with all its threads that live, in milliseconds."""
    threads = Path(f"/proc/{pid}/task").glob("*")
    return sum(_of_thread(thread) for thread in threads)


def tree(pid: int) -> list[int]:
    """A process and all its descendants."""
    pids = [pid]
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _text(path).split():
            pids += tree(int(child))
    return pids


def backends() -> list[int]:
    """The processes that serve this database, but for this connection's own.

    They must run on this machine to be seen in /proc.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [int(row[0]) for row in cursor.fetchall()]


def _of_thread(thread: Path) -> float:
    """The scheduler's own count, in nanoseconds, where the kernel keeps one; else ticks."""
    exact = _text(thread / "schedstat").split()
    if exact:
        return int(exact[0]) / _NS_PER_MS
    _, _, rest = _text(thread / "stat").rpartition(")")
    fields = rest.split()
    return (int(fields[11]) + int(fields[12])) * _TICK_MS if fields else 0.0


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
