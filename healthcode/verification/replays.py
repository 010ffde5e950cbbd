"""Which shows have been seen: one show opens one gate once, whichever gate and worker it is.

A phone signs its pass anew every half minute, so the same pass at the same second twice is a
picture of the first. Redis remembers where there is one, the database otherwise; both for as
long as a show could be taken for good, and by a hash that says nothing about whose it was.
"""

import functools
import hashlib
import logging
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from redis import Redis
from redis.exceptions import RedisError

from healthcode.codec.sh1 import CLOCK_SKEW, SHOW_SKEW, Kind, Presented

log = logging.getLogger(__name__)
# From the first moment at which a show may be taken to the last, and a bit for clocks of ours.
KEPT = SHOW_SKEW + 2 * CLOCK_SKEW
_INSERT = "INSERT INTO health_shown (key, forget_at) VALUES (%s, %s) ON CONFLICT DO NOTHING"


def show_key(presented: Presented) -> str:
    """What names a show: its pass and its second; a code of a minute is its own only show.

    "" for a code on paper, which says whom to look up as often as it is read.
    """
    claims, shown_at = presented.claims, presented.shown_at
    if claims.kind is Kind.PAPER:
        return ""
    seconds = 0 if shown_at is None else int(shown_at.timestamp())
    return hashlib.sha256(claims.cti + seconds.to_bytes(8)).hexdigest()


@functools.cache
def _server(url: str) -> Redis:
    """One client a process: the cache makes a new one for each call, half of what a call costs."""
    return Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2)


def is_first(key: str, *, at: datetime) -> bool:
    """Take a show as seen now; whether it is the first time that anybody asks.

    Not undone by a rollback of the caller's: a show that was answered is spent. Of callers
    at the same moment exactly one is first.
    """
    if settings.REDIS_URL:
        try:
            name = cache.make_key(f"health-shown:{key}")
            seconds = int(KEPT.total_seconds())
            return bool(_server(settings.REDIS_URL).set(name, 1, nx=True, ex=seconds))
        except RedisError as error:
            log.warning("Redis is away, shows are remembered in the database: %s", error)
    moment = connection.ops.adapt_datetimefield_value(at + KEPT)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [key, moment])
        return bool(cursor.rowcount == 1)
