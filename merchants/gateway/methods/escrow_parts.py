"""How a sale says that it is a guaranteed one."""

from dataclasses import dataclass
from typing import Final

from merchants.gateway.schema import FieldInvalid, Form, amount, parts, text

_USUAL_DAYS: Final = 10
_LONGEST_DAYS: Final = 365


@dataclass(kw_only=True, slots=True)
class SettleDetailForm(Form):
    """One of `settle_detail_infos`."""

    trans_in_type: str = text(longest=64)
    trans_in: str = text(longest=128)
    amount: int | None = amount()
    settle_entity_type: str = text(longest=32)
    settle_entity_id: str = text(longest=64)
    summary_dimension: str = text(longest=64)


@dataclass(kw_only=True, slots=True)
class SettleInfoForm(Form):
    """`settle_info` of a sale: it is a guaranteed one."""

    settle_period_time: str = text(pattern=r"[1-9][0-9]{0,2}d")
    settle_detail_infos: list[SettleDetailForm] | None = parts(SettleDetailForm, most=50)


def escrow_days(settle_info: SettleInfoForm | None) -> int | None:
    """How many days a sale's money waits; None for one that is not guaranteed.

    `settle_info` makes a sale a guaranteed one; its `settle_period_time` is such as `7d`.

    Raises:
        FieldInvalid: the time is none of 1d to 365d.
    """
    if settle_info is None:
        return None
    if not settle_info.settle_period_time:
        return _USUAL_DAYS
    days = int(settle_info.settle_period_time.removesuffix("d"))
    if days > _LONGEST_DAYS:
        raise FieldInvalid(field="settle_period_time")
    return days
