"""Tills and terminals that say how they do: monitor.heartbeat.syn."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from merchants.consents.values import Scope
from merchants.gateway.methods.bills import BILLS
from merchants.gateway.schema import Answer, Call, FieldMissing, Form, Method, moment, parts, text
from merchants.workbench.usecases.record_heartbeat import record_heartbeat
from merchants.workbench.values import Heartbeat

# Working, switched off by its owner, out of order.
STATUSES: Final = frozenset({"10", "20", "30"})
_MOST: Final = 50
MONITORING: Final = replace(BILLS, general={})


@dataclass(kw_only=True, slots=True)
class TradeReportForm(Form):
    """One of `trade_info`: a trade as the equipment saw it, in the protocol's short names."""

    OTN: str = text(longest=64)
    TC: str = text(longest=16)
    STAT: str = text(longest=8)
    E: str = text(longest=8)


@dataclass(kw_only=True, slots=True)
class ExceptionForm(Form):
    """One of `exception_info`."""

    code: str = text(longest=64)
    time: str = text(longest=19)
    desc: str = text(longest=256)


@dataclass(kw_only=True, slots=True)
class HeartbeatForm(Form):
    """monitor.heartbeat.syn; its name has no `alipay.` before it."""

    product: str = text(required=True, one_of=frozenset({"FP"}))
    type: str = text(required=True, one_of=frozenset({"CR", "STORE"}))
    equipment_id: str = text(required=True, longest=32, echoed=True)
    equipment_status: str = text(required=True, one_of=STATUSES)
    time: datetime | None = moment()
    store_id: str = text(longest=32, echoed=True)
    network_type: str = text(longest=16)
    mac: str = text(longest=32)
    manufacturer_pid: str = text(longest=28)
    sys_service_provider_id: str = text(longest=64)
    trade_info: list[Any] | None = parts(TradeReportForm, most=_MOST, raw=True, or_text=True)
    exception_info: list[Any] | None = parts(ExceptionForm, most=_MOST, raw=True, or_text=True)


@dataclass(kw_only=True, slots=True)
class HeartbeatAnswer(Answer):
    """The report was taken in; `pid` is the merchant's number."""

    pid: str


def heartbeat(call: Call, form: HeartbeatForm) -> HeartbeatAnswer:
    """Keep how a piece of equipment does; an older report than the kept one changes nothing."""
    if form.time is None:
        raise FieldMissing(field="time")
    record_heartbeat(
        merchant_id=call.app.merchant_id,
        heartbeat=Heartbeat(
            number=form.equipment_id,
            product=form.product,
            kind=form.type,
            status=form.equipment_status,
            store=form.store_id,
            network=form.network_type,
            trades=form.trade_info or [],
            exceptions=form.exception_info or [],
            reported_at=form.time,
        ),
    )
    return HeartbeatAnswer(pid=call.app.merchant_number)


METHODS: Final[tuple[Method[Any], ...]] = (
    Method("monitor.heartbeat.syn", HeartbeatForm, heartbeat, MONITORING, Scope.PAY),
)
