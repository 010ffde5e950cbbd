"""Identifiers: time-ordered UUIDs, placement units, random digits."""

import random
import secrets
import threading
import uuid
from datetime import UTC, datetime, timedelta

from config.kernel import clock

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FRACTION_STEPS = 4096
_RANDOM_BITS = 62
# A clock put back by more than this was put back on purpose: a world was restored.
_RESTORED = 1_000_000 * _FRACTION_STEPS // 1000
_lock = threading.Lock()
_last_step = 0
_source: random.Random = secrets.SystemRandom()


def uuid7() -> uuid.UUID:
    """Make a UUIDv7 (RFC 9562): business time to a quarter of a microsecond, 62 random bits.

    The 12 bits after the milliseconds hold their fraction (RFC 9562, 6.2, method 3), so ids
    made one after another are in order. Rows made in the same moment lie together in an
    index, and no sequence tells a stranger how many there are.
    """
    milliseconds, fraction = divmod(_next_step(), _FRACTION_STEPS)
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76
    value |= fraction << 64
    value |= 0b10 << 62
    value |= _source.getrandbits(_RANDOM_BITS)
    return uuid.UUID(int=value)


def draw_from(seed: int | str | None, *, after: int = 0) -> None:
    """Draw this process's ids from a seed, as a lab does to get the same ones again.

    Args:
        seed: the same seed gives the same ids; None draws from the system.
        after: the last step of time (`last_step`) that ids have had, where the clock stands
            at the moment of ids that are there already.
    """
    global _source, _last_step
    _source = secrets.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311
    _last_step = after


def last_step() -> int:
    """The last step of time that an id of this process has had."""
    return _last_step


def _next_step() -> int:
    """The moment in 4096ths of a millisecond, later than any this process had before.

    A lab's clock may stand still, and ids made while it does are in order all the same.
    """
    global _last_step
    microseconds = (clock.now() - _EPOCH) // timedelta(microseconds=1)
    milliseconds, rest = divmod(microseconds, 1000)
    step = milliseconds * _FRACTION_STEPS + rest * _FRACTION_STEPS // 1000
    with _lock:
        if step <= _last_step < step + _RESTORED:
            step = _last_step + 1
        _last_step = step
    return step


def unit_of(owner_id: uuid.UUID) -> int:
    """Which of the hundred placement units (0 to 99) an owner's rows belong to."""
    return owner_id.int % 100


def random_digits(count: int) -> str:
    """Make `count` decimal digits that nobody can guess; the first may be 0."""
    return str(_source.randrange(10**count)).zfill(count)
