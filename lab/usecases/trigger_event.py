"""Make something happen in the world, by the same calls that merchants and people make."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.conf import settings

from config.kernel import ids
from config.kernel.errors import Refused
from config.kernel.usecases.advance_clock import advance_clock
from lab import seeded_people
from lab.check import merchant_client
from lab.in_process import InProcess
from lab.mock_merchant.client import Answer, Client
from lab.usecases import move_clock
from wallet import public as wallet

_DAY = timedelta(days=1)


class TriggerRefused(Refused):
    """The gateway refused a step on the way; `sub_code` says why."""

    code = "trigger_refused"
    message = "What should happen was refused."


@dataclass(frozen=True, slots=True)
class Trigger:
    """What is to happen, to whom, for how much.

    Args:
        notify_url: where the notification goes; empty for the app's own.
        order: the merchant's own order number; empty for a fresh one.
    """

    event: str
    shop: str
    person: str
    amount: str
    notify_url: str = ""
    order: str = ""


def trigger_event(trigger: Trigger) -> dict[str, Any]:
    """Make an event happen; gives the gateway's last answer, or what the day brought.

    Raises:
        TriggerRefused: a payment or its refund was refused.
        ShopUnknown, PersonNotSeeded: nobody was seeded under that name.
    """
    if trigger.event == "day.settled":
        report = advance_clock(by=_DAY)
        jobs = [due.job for due in move_clock.fired(report)]
        return {"event": trigger.event, "fired": jobs, "events": report.events}
    client = merchant_client(trigger.shop, settings.PUBLIC_URL)
    client = Client(replace(client.settings, notify_url=trigger.notify_url), InProcess())
    order = trigger.order or f"TRIGGER{ids.random_digits(12)}"
    sale = {"out_trade_no": order, "amount": trigger.amount, "subject": "saoma trigger"}
    if trigger.event == "order.created":
        return _shown(trigger, order, client.precreate(**sale))
    code = wallet.issue_fresh_code(user_id=seeded_people.person(trigger.person).id).code
    answer = _shown(trigger, order, client.pay(**sale, auth_code=code))
    if trigger.event == "payment.refunded":
        return _shown(trigger, order, client.refund(amount=trigger.amount, out_trade_no=order))
    if trigger.event == "payment.cancelled":
        return _shown(trigger, order, client.cancel(out_trade_no=order))
    return answer


def _shown(trigger: Trigger, order: str, answer: Answer) -> dict[str, Any]:
    if not answer.succeeded:
        raise TriggerRefused(sub_code=answer.sub_code or answer.code)
    return {"event": trigger.event, "order": order, **answer.fields}
