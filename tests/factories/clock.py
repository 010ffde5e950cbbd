"""Moving the world's clock in tests."""

from datetime import timedelta

from django.db.models import F

from config.kernel import clock
from config.kernel.models import WorldClock
from config.kernel.usecases.advance_clock import Advance, advance_clock


def advance(**span: float) -> Advance:
    """Advance by `timedelta(**span)` and run what falls due."""
    return advance_clock(by=timedelta(**span))


def later(**span: float) -> None:
    """Let `timedelta(**span)` pass and nothing be done about it.

    Raises:
        ValueError: it is less than nothing; what was made before would lie ahead.
    """
    microseconds = timedelta(**span) // timedelta(microseconds=1)
    if microseconds < 0:
        raise ValueError(f"time runs forward: {timedelta(**span)}")
    WorldClock.objects.get_or_create(id=1)
    WorldClock.objects.filter(id=1).update(offset_us=F("offset_us") + microseconds)
    clock.forget()
