"""Probes: is the process alive, and can it do its work."""

import logging
import os
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import cache

import psycopg
import redis
from django.conf import settings
from django.db import DatabaseError, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from config.http import leaving
from config.kernel import canary, clock, transactions
from config.kernel.outbox import relay

LAG = timedelta(minutes=1)
# A database that hangs is away: a proxy that asks has no more patience either.
ANSWER_S = 2.0
logger = logging.getLogger(__name__)
_migrated = False
_key_seen = False
_last_status = "ok"


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Alive: the process answers. Touches nothing, so a sick database restarts nothing."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Ready: payments can be made here.

    503 where something stops them: the database, its disk, its schema, the master key, or that
    this web was asked to end, which proxies hear before its listener closes. `degraded`,
    and still 200, where something only makes the world wait: Redis, effects that nobody has
    worked off for a minute, or workers that have had no message of the scheduler's for as long.
    Which part it is, operators are told and nobody else.
    """
    if leaving.is_leaving():
        return JsonResponse({"status": "leaving"}, status=503)
    with _bounded():
        database, effects, workers = _work()
    needed = {
        "database": database,
        "disk": "full" if transactions.disk_is_full() else "ok",
        "migrations": _migrations(),
        "master_key": _master_key(),
    }
    checks = {"redis": _redis(), "effects": effects, "workers": workers}
    if any(answer != "ok" for answer in needed.values()):
        status = "unavailable"
    else:
        status = "ok" if set(checks.values()) <= {"ok", "not used"} else "degraded"
    _log_change(status, needed | checks)
    answer: dict[str, object] = {"status": status}
    if database == "ok" and _is_operator(request):
        answer["checks"] = needed | checks
    return JsonResponse(answer, status=503 if status == "unavailable" else 200)


def _log_change(status: str, checks: Mapping[str, str]) -> None:
    """Log that readiness changed, once: a proxy asks every second, and each answer is no news."""
    global _last_status
    if status != _last_status:
        _last_status = status
        level = logging.ERROR if status == "unavailable" else logging.WARNING
        logger.log(level, "readiness is now %s", status, extra={"checks": dict(checks)})


def _is_operator(request: HttpRequest) -> bool:
    try:
        return bool(request.user.is_active and request.user.is_staff)
    except DatabaseError:
        return False


@contextmanager
def _bounded() -> Iterator[None]:
    """Cut the connection to a database that neither answers nor refuses; a new one has a limit."""
    line = getattr(connection.connection, "pgconn", None)
    if line is None:
        yield
        return
    timer = threading.Timer(ANSWER_S, _cut, [line])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cut(line: psycopg.pq.abc.PGconn) -> None:
    with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(line.socket)) as wire:
        wire.shutdown(socket.SHUT_RDWR)


def _migrations() -> str:
    global _migrated
    if _migrated:
        return "ok"
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "unknown"
    # A schema that fits this code once goes on fitting it: it is only ever widened.
    _migrated = not waiting
    return "waiting" if waiting else "ok"


def _master_key() -> str:
    global _key_seen
    try:
        _key_seen = _key_seen or canary.check()
    except canary.MasterKeyWrong:
        return "wrong"
    return "ok" if _key_seen else "unknown"


def _work() -> tuple[str, str, str]:
    """Whether the database answers, effects are worked off, and workers live.

    Relay and workers are known by what they leave behind.
    """
    try:
        life = relay.life()
    except ProgrammingError:  # it answers, and has not this code's tables
        return "ok", "unknown", "unknown"
    except DatabaseError:
        return "down", "unknown", "unknown"
    now = clock.now()
    effects = "ok" if life.oldest is None or now - life.oldest < LAG else "lagging"
    silent = life.beaten_at is not None and now - life.beaten_at >= LAG
    return "ok", effects, "silent" if silent else "ok"


def _redis() -> str:
    if not settings.REDIS_URL:
        return "not used"
    try:
        _redis_client(settings.REDIS_URL).ping()
    except redis.RedisError:
        return "down"
    return "ok"


@cache
def _redis_client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1)
