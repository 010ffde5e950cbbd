"""Workers in one process: for a lab that lives as long as a test run, without a broker.

It does what worker and scheduler do in the demo: deliver events, run what is due. A round
and a reset of the world never meet.
"""

import logging
import threading
from datetime import datetime, timedelta

from django.db import close_old_connections, connection

from config.kernel import clock, timetable
from config.kernel.outbox import relay

log = logging.getLogger(__name__)

EVERY_S = 0.2
# Without a sign of anything new a round is made all the same, this often.
IDLE_S = 5.0
# A job that is due and does nothing is not asked again at once.
PAUSE = timedelta(seconds=1)
one_at_a_time = threading.RLock()


def start() -> threading.Thread:
    """Pump for as long as this process lives."""
    thread = threading.Thread(target=_pump, name="pump", daemon=True)
    thread.start()
    return thread


def run_round() -> datetime | None:
    """Deliver what waits and run what is due, once.

    Returns:
        when the next round is due if nobody writes: now, where this one did something.
    """
    with one_at_a_time:
        effects = relay.drain()
        moments = timetable.dues()
        now = clock.now()
        if any(count for _, count in timetable.run_due(now, moments)):
            effects += relay.drain() + 1
        if effects:
            return now
        first = min(moments.values(), default=None)
        return None if first is None else max(first, now + PAUSE)


def _pump() -> None:
    rest = threading.Event()
    seen, idle_s = -1, 0.0
    next_round: datetime | None = None
    while not rest.wait(EVERY_S):
        try:
            version, idle_s = _data_version(), idle_s + EVERY_S
            due = next_round is not None and next_round <= clock.now()
            if version == seen >= 0 and idle_s < IDLE_S and not due:
                continue
            next_round = run_round()
            seen, idle_s = version, 0.0
        except Exception:
            # The edge of a worker: one bad round is logged and does not end the next.
            log.exception("a round of the pump failed")
        close_old_connections()


def _data_version() -> int:
    """Changes when another connection has written; -1 where the database cannot say.

    Thirty worlds of a class rest on one laptop: each asks this, and works when it changes.
    """
    if connection.vendor != "sqlite":
        return -1
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        return int(cursor.fetchone()[0])
