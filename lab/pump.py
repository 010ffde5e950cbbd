"""Workers in one process: for a lab that lives as long as a test run, without a broker.

It does what worker and scheduler do in the demo: deliver events, run what is due. A round
and a reset of the world never meet.
"""

import logging
import threading

from django.db import close_old_connections

from config.kernel import clock, timetable
from config.kernel.outbox import relay

log = logging.getLogger(__name__)

EVERY_S = 0.2
one_at_a_time = threading.RLock()


def start() -> threading.Thread:
    """Pump for as long as this process lives."""
    thread = threading.Thread(target=_pump, name="pump", daemon=True)
    thread.start()
    return thread


def run_round() -> None:
    """Deliver what waits and run what is due, once."""
    with one_at_a_time:
        relay.drain()
        if timetable.run_due(clock.now()):
            relay.drain()


def _pump() -> None:
    rest = threading.Event()
    while not rest.wait(EVERY_S):
        try:
            run_round()
        except Exception:
            # The edge of a worker: one bad round is logged and does not end the next.
            log.exception("a round of the pump failed")
        close_old_connections()
