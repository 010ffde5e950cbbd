"""Do together what several threads ask for at the same time: one trip for all of them.

What arrives while a group is under way waits and goes next, together. Nobody waits while nothing
is under way, so a lone caller is a group of one and loses nothing. There is no thread of its own:
the caller who finds nothing under way leads, on its own connection, and hands the lead to the one
of those who have come meanwhile who led last.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

log = logging.getLogger(__name__)

MOST = 64
# As long as this a caller waits for those before it. Then it leads a group beside theirs.
PATIENCE_S = 0.1


class _Seat(Generic[T, R]):
    """One caller's place: what it asks for, and what became of it."""

    __slots__ = ("item", "leads", "led", "results", "turn")

    def __init__(self, item: T, led: int) -> None:
        self.item = item
        # When this thread led last: the number of that group, 0 for never.
        self.led = led
        # Leads a group, or is to lead one as soon as it wakes.
        self.leads = False
        # One result; none where the group failed.
        self.results: Sequence[R] = ()
        self.turn = threading.Lock()
        self.turn.acquire()


class Grouping(Generic[T, R]):
    """Hands the items of concurrent callers to one function, several at a time.

    Args:
        run: gives one result for each item, in their order. Where it raises for several
            items it must have done nothing; each caller then runs it for its own item alone.
    """

    def __init__(self, run: Callable[[Sequence[T]], Sequence[R]]) -> None:
        self._run = run
        self._lock = threading.Lock()
        self._waiting: list[_Seat[T, R]] = []
        # Whoever hands the lead on; one whose group takes too long is overtaken.
        self._leader: _Seat[T, R] | None = None
        self._groups = 0
        self._of_thread = threading.local()

    def submit(self, item: T) -> R:
        """Have one item run, with those of others where there are any; gives its result.

        Raises:
            what `run` raises for this item alone.
        """
        seat: _Seat[T, R] = _Seat(item, getattr(self._of_thread, "led", 0))
        with self._lock:
            self._waiting.append(seat)
            if self._leader is None:
                self._elect(seat)
        if not seat.leads:
            self._wait(seat)
        if seat.leads:
            self._lead(seat)
        return seat.results[0] if seat.results else self._run([item])[0]

    def _elect(self, seat: _Seat[T, R]) -> None:
        """Make a seat the one that hands the lead on. Under the lock."""
        self._leader, seat.leads = seat, True

    def _wait(self, seat: _Seat[T, R]) -> None:
        """Wait until the seat has been served or is to lead."""
        while not seat.turn.acquire(timeout=PATIENCE_S):
            with self._lock:
                if seat in self._waiting and not seat.leads:
                    # Those at the database are slow: a lock, a dead connection. Go beside them.
                    self._elect(seat)
                    return

    def _board(self, leader: _Seat[T, R]) -> list[_Seat[T, R]]:
        """Take the leader and all who wait for one; who leads a group beside keeps to its own.

        Not when the lead is handed on but when its new owner runs: on a busy machine others
        come in between, and go along.
        """
        with self._lock:
            self._groups += 1
            self._of_thread.led = self._groups
            group = [leader, *(seat for seat in self._waiting if not seat.leads)][:MOST]
            self._waiting = [seat for seat in self._waiting if seat not in group]
        return group

    def _next_leader(self) -> _Seat[T, R] | None:
        """Whose connection served a group last, of those who wait: the database's process behind
        it has its plans and pages at hand, and all who wait go along with it. Under the lock.
        """
        waiting = (seat for seat in self._waiting if not seat.leads)
        return max(waiting, key=lambda seat: seat.led, default=None)

    def _lead(self, leader: _Seat[T, R]) -> None:
        """Run a group, hand the lead on, and let its members go."""
        group = self._board(leader)
        try:
            results = self._run([seat.item for seat in group])
            for seat, result in zip(group, results, strict=True):
                seat.results = (result,)
        except Exception:
            if len(group) == 1:
                raise
            log.warning("a group failed, its members go alone", exc_info=True)
        finally:
            following = None
            with self._lock:
                if self._leader is leader:
                    self._leader = None
                    following = self._next_leader()
                    if following is not None:
                        self._elect(following)
            if following is not None:
                following.turn.release()
            for seat in group[1:]:
                seat.turn.release()
