"""How a sale says that it is a guaranteed one."""

import re
from typing import Any, Final

from merchants.gateway.declarations import FieldInvalid

_PERIOD: Final = re.compile(r"([1-9][0-9]{0,2})d", re.ASCII)
_USUAL_DAYS: Final = 10
_LONGEST_DAYS: Final = 365


def escrow_days(settle_info: dict[str, Any] | None) -> int | None:
    """How many days a sale's money waits; None for one that is not guaranteed.

    `settle_info` makes a sale a guaranteed one; its `settle_period_time` is such as `7d`.

    Raises:
        FieldInvalid: the time is none of 1d to 365d.
    """
    if settle_info is None:
        return None
    named = settle_info.get("settle_period_time")
    if named in (None, ""):
        return _USUAL_DAYS
    found = _PERIOD.fullmatch(named) if isinstance(named, str) else None
    if found is None or int(found[1]) > _LONGEST_DAYS:
        raise FieldInvalid(field="settle_period_time")
    return int(found[1])
