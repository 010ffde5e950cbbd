"""A database session ends with the thread that opened it.

Django keeps a thread's connection with the thread, but inside a cycle of references: when the
thread ends, the session stays until the garbage collector comes by, which in a web process is
rare (`config.wsgi`). Web servers end threads that have nothing to do and start others when
there is more to do, so some bursts of work would use up all the sessions that a database admits.
"""

import os
import threading
from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created


class _Session:
    """Closes a driver's connection when nobody holds this any more."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self.process = os.getpid()

    def __del__(self) -> None:
        # A forked process shares its parent's connections: what they say is not ours to end.
        if self.process == os.getpid():
            with suppress(Exception):  # closed already, or broken
                self.raw.close()


class _Open(threading.local):
    """What this thread has open, one a connection of Django's; it falls when the thread ends."""

    def __init__(self) -> None:
        self.sessions: WeakKeyDictionary[BaseDatabaseWrapper, _Session] = WeakKeyDictionary()


_open = _Open()


def end_with_threads() -> None:
    """Close each connection made from now on when its thread ends."""
    connection_created.connect(_keep, dispatch_uid="kernel.thread_sessions")


def _keep(sender: type[Any], connection: BaseDatabaseWrapper, **_: Any) -> None:
    session = _open.sessions.get(connection)
    if session is None or session.raw is not connection.connection:
        _open.sessions[connection] = _Session(connection.connection)
