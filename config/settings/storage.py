"""Turn DATABASE_URL and REDIS_URL into what Django, the cache and Celery want."""

import re
import sqlite3
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from config.settings.env import env

# One writer at a time, readers never blocked; a write transaction takes its lock when
# it begins, so that two of them queue instead of failing half-way.
SQLITE_OPTIONS: dict[str, Any] = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        "PRAGMA foreign_keys=ON; PRAGMA cache_size=-16000;"
    ),
}

# A server that neither answers nor refuses holds a thread for seconds; without these for two
# minutes while it connects, and for two hours where an answer is under way.
POSTGRES_OPTIONS: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}


def database(url: str) -> dict[str, Any]:
    """Settings of one database.

    Raises:
        ImproperlyConfigured: the address is neither SQLite nor PostgreSQL.
    """
    settings: dict[str, Any] = env.db_url_config(url)
    engine = settings["ENGINE"]
    # Threads keep their connection: a new one reads the whole schema first, on SQLite 9 ms of CPU.
    settings["CONN_MAX_AGE"] = 600
    if engine.endswith("sqlite3"):
        settings["OPTIONS"] = dict(SQLITE_OPTIONS)
        return settings
    if engine.endswith("postgresql"):
        settings["CONN_HEALTH_CHECKS"] = True  # a broken one is replaced
        # What the address says in its query goes before.
        settings["OPTIONS"] = POSTGRES_OPTIONS | settings.get("OPTIONS", {})
        return settings
    raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite:///")


def unit_databases(text: str) -> tuple[dict[str, dict[str, Any]], dict[int, str]]:
    """Other units' databases: `50-99=postgres://…` for each, with blanks between.

    Returns:
        the databases by alias, and the alias of each unit that is not at home.

    Raises:
        ImproperlyConfigured: an entry names no units of 0 to 99, or units named before.
    """
    databases: dict[str, dict[str, Any]] = {}
    aliases: dict[int, str] = {}
    for entry in text.split():
        units, _, url = entry.partition("=")
        match = re.fullmatch(r"(\d{1,2})(?:-(\d{1,2}))?", units)
        span = range(int(match[1]), int(match[2] or match[1]) + 1) if match else range(0)
        if not span or not url or not aliases.keys().isdisjoint(span):
            raise ImproperlyConfigured(
                f"SAOMA_UNIT_DATABASES: {units!r} is no span of free units, as in 50-99=postgres://…"
            )
        alias = f"units_{span[0]}_{span[-1]}"
        databases[alias] = database(url)
        aliases |= dict.fromkeys(span, alias)
    return databases, aliases


def cache_url(redis_url: str) -> dict[str, Any]:
    """Settings of the cache: Redis where there is one, this process otherwise."""
    if redis_url:
        return {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": redis_url,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
        }
    return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}


def celery_url(redis_url: str) -> str:
    """The broker's address in Celery's spelling; in-process where there is no Redis."""
    if redis_url.startswith("unix://"):
        return "redis+socket://" + redis_url.removeprefix("unix://")
    return redis_url or "memory://localhost//"


def broker_options(broker_url: str) -> dict[str, Any]:
    """Options of the broker's client: time-outs, and when a lost worker's task comes back.

    About a minute with Redis; nothing uses an ETA, so nothing is delivered twice for
    merely waiting long.
    """
    if broker_url.startswith(("redis", "rediss")):
        return {
            "visibility_timeout": 60,
            "unacked_restore_interval": 2,
            "unacked_restore_throttle": 1,
            "socket_connect_timeout": 3,
            "socket_timeout": 10,
            "socket_keepalive": True,
        }
    if broker_url.startswith(("amqp", "pyamqp")):
        return {"connect_timeout": 3, "write_timeout": 10}
    return {}


def default_queue_type(broker_url: str) -> str:
    """Quorum where several RabbitMQ nodes are named: each keeps what a majority has."""
    several = broker_url.startswith(("amqp", "pyamqp")) and ";" in broker_url
    return "quorum" if several else "classic"


def broker_queues(queue_type: str) -> tuple[Queue, ...]:
    """The two queues: what follows a payment, and what a timetable or a beat asks for."""
    arguments = {"x-queue-type": "quorum"} if queue_type == "quorum" else None
    return tuple(Queue(name, queue_arguments=arguments) for name in ("effects", "due"))


def sqlite_has_wal_race() -> bool:
    """Whether this SQLite carries the WAL-reset corruption race (3.7.0 to 3.51.2).

    Fixed in 3.51.3 and carried back to 3.50.7 and 3.44.6. Rare, and demo data only;
    the demo says so when it starts.
    """
    version = sqlite3.sqlite_version_info
    if version[:2] == (3, 50):
        return version < (3, 50, 7)
    if version[:2] == (3, 44):
        return version < (3, 44, 6)
    return version < (3, 51, 3)
