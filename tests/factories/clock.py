"""Moving the world's clock in tests."""

from datetime import timedelta

from config.kernel.usecases.advance_clock import Advance, advance_clock


def advance(**span: float) -> Advance:
    """Advance by `timedelta(**span)` and run what falls due."""
    return advance_clock(by=timedelta(**span))
