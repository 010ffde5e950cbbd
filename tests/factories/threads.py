"""Doing things at once, in real threads with a database connection each."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from django.db import connections

from config.kernel.errors import SaomaError

R = TypeVar("R")


def at_once(acts: Sequence[Callable[[], R]], threads: int = 8) -> list[R]:
    """Do all acts, `threads` of them at a time; returns their results in order."""
    ready = threading.Barrier(min(threads, len(acts)))

    def begin() -> None:
        ready.wait(timeout=30)

    def run(act: Callable[[], R]) -> R:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads, initializer=begin) as pool:
        return list(pool.map(run, acts))


def outcomes_at_once(acts: Sequence[Callable[[], R]], threads: int = 8) -> list[R | SaomaError]:
    """Like `at_once`, with an anticipated failure in the place of a result."""

    def told(act: Callable[[], R]) -> R | SaomaError:
        try:
            return act()
        except SaomaError as error:
            return error

    return at_once([partial(told, act) for act in acts], threads)
