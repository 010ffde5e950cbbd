"""Transactions: one way in, bounded retry outside, effects after commit.

PostgreSQL tells a loser of a race to try again (serialisation failure 40001, deadlock
40P01); SQLite says that its file is locked. The outermost use case repeats as a whole,
a bounded number of times with growing, jittered waits. A connection that is lost before the
commit is replaced, and the use case repeated likewise. An inner use case joins the
transaction it is called in.
"""

import functools
import random
import time
import uuid
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    models,
    transaction,
)

from config.kernel.errors import invariant, required

P = ParamSpec("P")
R = TypeVar("R")

MAX_TRIES = 6
FIRST_WAIT_S = 0.01
_AGAIN = frozenset({"40001", "40P01"})
# The server ends this connection: an administrator, a crash, a start.
_GONE = frozenset({"57P01", "57P02", "57P03"})
# Reading goes on while writing is refused: a probe learns of it from what was refused lately.
_FULL = "53100"
FULL_FOR_S = 10.0
_full_at = float("-inf")


class KeyTaken(Exception):
    """Another row has this row's unique key. Nothing of it is written; what came before is."""


class _Unfinished(Exception):
    """The connection went in the middle of a transaction: PostgreSQL has undone all of it."""


def atomic_retry(function: Callable[P, R]) -> Callable[P, R]:
    """Run a use case in one transaction, again from the start where a race was lost.

    Already inside a transaction the function simply joins it: the outermost one repeats.
    """

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            return function(*args, **kwargs)
        return retrying(lambda: _atomically(function, args, kwargs))

    return wrapper


def retrying(run: Callable[[], R]) -> R:
    """Call `run`, again after a lost race, at most MAX_TRIES times."""
    for attempt in range(1, MAX_TRIES):
        try:
            return run()
        except _Unfinished:
            connection.close()
        except OperationalError as error:
            if not is_lost_race(error):
                _note_full_disk(error)
                raise
            time.sleep(FIRST_WAIT_S * 2**attempt * random.random())  # noqa: S311
    try:
        return run()
    except _Unfinished as lost:
        raise required(lost.__cause__, "it names what was lost") from None


def is_lost_race(error: OperationalError) -> bool:
    """Whether the database asks for another try."""
    sqlstate = getattr(error.__cause__, "sqlstate", None)
    return sqlstate in _AGAIN or "database is locked" in str(error)


def disk_is_full() -> bool:
    """Whether the database refused this process a write for want of space a moment ago."""
    return time.monotonic() - _full_at < FULL_FOR_S


def _note_full_disk(error: OperationalError) -> None:
    global _full_at
    if getattr(error.__cause__, "sqlstate", None) == _FULL or "disk is full" in str(error):
        _full_at = time.monotonic()


def is_lost_connection(error: Exception) -> bool:
    """Whether the connection to PostgreSQL is gone, rather than a statement refused."""
    if connection.vendor != "postgresql":
        return False
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    sqlstate = getattr(error.__cause__, "sqlstate", None)
    return sqlstate is None or sqlstate in _GONE or sqlstate.startswith("08")


def insert(row: models.Model) -> None:
    """Write a new row; the caller's transaction goes on where its unique key is taken.

    Raises:
        KeyTaken: by a row from before, or from this very moment.
        IntegrityError: another constraint refuses it.
    """
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if is_key_taken(error):
            raise KeyTaken from error
        raise


def is_key_taken(error: IntegrityError) -> bool:
    """Whether a row was refused because another one has its unique key."""
    unique = getattr(error.__cause__, "sqlstate", None) == "23505"
    return unique or "UNIQUE constraint failed" in str(error)


def require() -> None:
    """State that the caller must have opened a transaction."""
    invariant(connection.in_atomic_block, "this runs inside its caller's transaction")


def on_commit(effect: Callable[[], object]) -> None:
    """Do `effect` once the outermost transaction has committed; never if it rolls back."""
    transaction.on_commit(effect, robust=True)


def take_turns(*names: str) -> None:
    """Let whoever names the same thing wait for the end of this transaction.

    For a thing that has no row yet to lock. SQLite's single writer needs no turns.
    """
    require()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_number(*names)])


def lock_number(*names: str) -> int:
    """The number of PostgreSQL's advisory lock for a thing of these names."""
    return uuid.uuid5(uuid.NAMESPACE_OID, "\n".join(names)).int >> 65


def _atomically(
    function: Callable[..., R], args: tuple[object, ...], kwargs: dict[str, object]
) -> R:
    finished = False
    try:
        with transaction.atomic():
            result = function(*args, **kwargs)
            finished = True
        return result
    except (OperationalError, InterfaceError) as error:
        # Before the commit was sent nothing can have been written; after, nobody knows.
        if not finished and is_lost_connection(error):
            raise _Unfinished() from error
        raise
