"""A bound on what one request may ask of the database, for every test that makes requests.

A view whose queries grow with what it lists passes every other test until somebody's list
is long. Each request of Django's test client is counted; above the bound its test fails.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import connection

MOST_QUERIES = 200
# They run whatever falls due in the world, however much that is.
UNBOUNDED = ("/lab/clock/", "/lab/api/")


class TooManyQueries(AssertionError):
    """One request asked more of the database than any request may."""


class QueryBound:
    """Counts the statements between a request's beginning and its end."""

    def __init__(self, most: int = MOST_QUERIES) -> None:
        self.most = most
        self.path = ""
        self.asked = 0
        self.worst = 0

    def begin(self, environ: dict[str, Any] | None = None, **_: object) -> None:
        """A request has come in."""
        self.path, self.asked = (environ or {}).get("PATH_INFO", ""), 0

    def end(self, **_: object) -> None:
        """A request is answered: fail if it asked too much.

        Raises:
            TooManyQueries: naming the address and the count.
        """
        asked, self.asked = self.asked, 0
        self.worst = max(self.worst, asked)
        bounded = self.path and not self.path.startswith(UNBOUNDED)
        if bounded and asked > self.most:
            raise TooManyQueries(f"{self.path}: {asked} queries, at most {self.most}")

    def count(self, execute: Callable[..., Any], *args: Any) -> Any:
        """One statement."""
        self.asked += 1
        return execute(*args)


@contextmanager
def bounded(bound: QueryBound) -> Iterator[None]:
    """Hold every request made here to a bound."""
    request_started.connect(bound.begin, weak=False)
    request_finished.connect(bound.end, weak=False)
    try:
        with connection.execute_wrapper(bound.count):
            yield
    finally:
        request_started.disconnect(bound.begin)
        request_finished.disconnect(bound.end)
