"""Do together what several threads ask for at the same time: one trip for all of them.

What arrives while a group is under way waits and goes next, together. Nobody waits while nothing
is under way, so a lone caller is a group of one and loses nothing. There is no thread of its own:
the caller who finds nothing under way leads, on its own connection, and hands the lead to one of
those who have come meanwhile.
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

    __slots__ = ("group", "item", "results", "turn")

    def __init__(self, item: T) -> None:
        self.item = item
        # The group that this caller is to lead.
        self.group: list[_Seat[T, R]] | None = None
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
        # The group whose leader hands the lead on; one that takes too long is overtaken.
        self._foremost: list[_Seat[T, R]] | None = None

    def submit(self, item: T) -> R:
        """Have one item run, with those of others where there are any; gives its result.

        Raises:
            what `run` raises for this item alone.
        """
        seat: _Seat[T, R] = _Seat(item)
        with self._lock:
            self._waiting.append(seat)
            if self._foremost is None:
                self._take_lead()
        if seat.group is None:
            self._wait(seat)
        if seat.group is not None:
            self._lead(seat.group)
        return seat.results[0] if seat.results else self._run([item])[0]

    def _take_lead(self) -> _Seat[T, R]:
        """Make all who wait one group; gives its first member, who leads it. Under the lock."""
        self._foremost, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        leader = self._foremost[0]
        leader.group = self._foremost
        return leader

    def _wait(self, seat: _Seat[T, R]) -> None:
        """Wait until the seat has been served or is to lead."""
        while not seat.turn.acquire(timeout=PATIENCE_S):
            with self._lock:
                if seat in self._waiting:
                    # Those at the database are slow: a lock, a dead connection. Go beside them.
                    self._waiting.remove(seat)
                    self._waiting.insert(0, seat)
                    self._take_lead()
                    return

    def _lead(self, group: list[_Seat[T, R]]) -> None:
        """Run a group, hand the lead on, and let its members go."""
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
                if self._foremost is group:
                    self._foremost = None
                    following = self._take_lead() if self._waiting else None
            if following is not None:
                following.turn.release()
            for seat in group[1:]:
                seat.turn.release()
