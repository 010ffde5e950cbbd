"""Where the ceilings of limits come from: settings and constants."""

from django.conf import settings

from config.kernel.limits.values import Limit


def ceiling(limit: Limit) -> int | None:
    """The ceiling of a limit that is the same for everybody; None where it is left off."""
    if not limit.setting:
        return limit.ceiling
    most = int(getattr(settings, limit.setting))
    return None if limit.off_at_zero and not most else most
