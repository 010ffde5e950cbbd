"""When a trade stops being payable."""

from datetime import datetime, timedelta

from merchants.gateway.schema import LONGEST_LIFE_MINUTES, FieldInvalid, Lifetime
from merchants.protocol.formats import BEIJING


def expires_at(now: datetime, life: Lifetime | None, absolute: datetime | None) -> datetime | None:
    """Work out when a trade stops being payable; None leaves it to the default.

    An absolute time wins over a life.

    Raises:
        FieldInvalid: the absolute time is past, or more than fifteen days away.
    """
    if absolute is not None:
        if not now < absolute <= now + timedelta(minutes=LONGEST_LIFE_MINUTES):
            raise FieldInvalid(field="time_expire", reason="应为15天内的未来时间")
        return absolute
    if life is None:
        return None
    if life.minutes is not None:
        return now + timedelta(minutes=life.minutes)
    local = now.astimezone(BEIJING)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1)
