"""Choose how the world's clock goes: as the system does, faster, or not at all."""

from datetime import UTC, datetime, timedelta

from config.kernel import clock, transactions
from config.kernel.errors import InvalidRequest
from config.kernel.models import WorldClock

FASTEST = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class RateInvalid(InvalidRequest):
    """The clock cannot go at this pace."""

    code = "clock_rate_invalid"
    message = f"The clock goes 0 to {FASTEST} times as fast as the system's."


@transactions.atomic_retry
def set_clock(*, times: float = 1.0, at: datetime | None = None) -> datetime:
    """Let lab time go on at another pace from now on, without a jump.

    At the system's own pace a clock that fell behind the system catches up with it first.

    Args:
        times: 0 stands still, 1 is the system's pace, 60 makes an hour of a minute.
        at: the moment to stand at from now on; only for a world in which nothing has happened,
            for this alone may turn the clock back.

    Returns:
        The present moment of the world.

    Raises:
        RateInvalid: the pace is below 0 or above FASTEST.
    """
    if not 0 <= times <= FASTEST:
        raise RateInvalid(field="times")
    now = at or clock.now()
    system = datetime.now(UTC)  # the clock's own home, as config.kernel.clock is
    rate = round(times * clock.AS_FAST)
    offset_us = (now - system) // _MICROSECOND
    if rate == clock.AS_FAST and at is None:
        offset_us = max(offset_us, 0)
    WorldClock.objects.update_or_create(
        id=1,
        defaults={
            "offset_us": offset_us,
            "rate": rate,
            "anchor_us": (system - _EPOCH) // _MICROSECOND,
        },
    )
    clock.forget()
    transactions.on_commit(clock.forget)
    return clock.now()
