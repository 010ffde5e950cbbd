"""The panel's home page: what happened today, and what waits for somebody."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from config.admin import figures
from config.admin.sidebar import address
from config.kernel import clock, panel
from config.kernel.approvals import queries as approvals
from config.kernel.approvals.pages import operator_of
from healthcode.rules.values import Colour

DAYS = 14
BAR = "var(--color-primary-600)"


@dataclass(frozen=True, slots=True)
class Card:
    """A figure with a word below it; `tone` colours what needs attention."""

    title: str
    value: str
    note: str = ""
    link: str = ""
    tone: str = ""


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add cards and charts to the home page, as far as this operator may see them."""
    day = figures.today()
    context["title"] = _("Today")
    context["emergencies"] = figures.broken_glass()
    context["now"] = clock.now().astimezone(figures.zone())
    context["cards"] = [make(request) for may, make in CARDS if may(request)]
    if _may(request, "payments.view_payment"):
        context["by_hour"] = _chart(
            [f"{hour:02d}" for hour in range(24)], figures.paid_by_hour(day)
        )
        days = figures.paid_by_day(day, DAYS)
        context["by_day"] = _chart(
            [entry.strftime("%d %b") for entry, _ in days], [amount for _, amount in days]
        )
        context["chart_options"] = json.dumps(OPTIONS)
    return context


OPTIONS = {
    "responsive": True,
    "maintainAspectRatio": False,
    "plugins": {"legend": {"display": False}},
    "scales": {"y": {"beginAtZero": True, "display": True}, "x": {"grid": {"display": False}}},
}


def _chart(labels: list[str], amounts_minor: list[int]) -> str:
    """Data of a bar chart in yuan, as the theme's Chart.js wants it."""
    return json.dumps(
        {
            "labels": labels,
            "datasets": [
                {
                    "label": "CNY paid",
                    "data": [amount / 100 for amount in amounts_minor],
                    "backgroundColor": BAR,
                    "borderRadius": 4,
                    "maxBarThickness": 28,
                }
            ],
        }
    )


def _may(request: HttpRequest, permission: str) -> bool:
    return operator_of(request).has_perm(permission)


def _payments(request: HttpRequest) -> Card:
    flow = figures.paid_on(figures.today())
    link = address(request, "payments.Payment")
    return Card("Payments", f"{flow.count:,}", "paid today", link)


def _volume(request: HttpRequest) -> Card:
    flow = figures.paid_on(figures.today())
    return Card("Volume", panel.money(flow.amount_minor, figures.CURRENCY), "paid today")


def _refunds(request: HttpRequest) -> Card:
    flow = figures.refunded_on(figures.today())
    amount = panel.money(flow.amount_minor, figures.CURRENCY)
    return Card(
        "Refunds",
        f"{flow.count:,}",
        _("%(amount)s given back today") % {"amount": amount},
        address(request, "payments.Refund"),
    )


def _notifications(request: HttpRequest) -> Card:
    waiting = figures.waiting_notifications().count()
    return Card(
        "Notifications waiting",
        f"{waiting:,}",
        _("%(count)s events in the outbox") % {"count": f"{figures.events_waiting():,}"},
        address(request, "gateway.Notification"),
        tone=panel.WARNING if waiting else "",
    )


def _cases(request: HttpRequest) -> Card:
    open_cases = figures.risk_cases_open()
    return Card(
        "Open risk cases",
        f"{open_cases:,}",
        "to be looked at",
        address(request, "risk.RiskCase"),
        tone=panel.WARNING if open_cases else "",
    )


def _batches(request: HttpRequest) -> Card:
    waiting = figures.batches_waiting()
    return Card(
        "Settlement held up",
        f"{waiting:,}",
        "waiting for approval or sent back",
        address(request, "settlement.SettlementBatch"),
        panel.WARNING if waiting else "",
    )


def _approvals(request: HttpRequest) -> Card:
    waiting = approvals.waiting_for(operator_of(request)).count()
    link = address(request, "approvals.ApprovalRequest")
    return Card(
        "To approve",
        f"{waiting:,}",
        "requests wait for you",
        f"{link}?inbox=mine_to_decide",
        panel.WARNING if waiting else "",
    )


def _reds(request: HttpRequest) -> Card:
    colours = figures.colours()
    others = ", ".join(
        f"{colours.get(colour, 0):,} {colour.lower()}" for colour in (Colour.YELLOW, Colour.GREEN)
    )
    return Card(
        "Red health codes",
        f"{colours.get(Colour.RED, 0):,}",
        others,
        address(request, "health_decisions.Head"),
    )


def _trial_balance(request: HttpRequest) -> Card:
    differences = figures.proof_figures()["trial_balance_zero"]
    off = {currency: figure for currency, figure in differences.items() if figure}
    text = ", ".join(panel.money(figure, currency) for currency, figure in off.items())
    return Card(
        "Trial balance",
        text or "0.00",
        "does not balance" if off else "debits equal credits",
        tone=panel.DANGER if off else panel.SUCCESS,
    )


def _safeguarding(request: HttpRequest) -> Card:
    surpluses = figures.proof_figures()["safeguarding"]
    short = any(figure < 0 for figure in surpluses.values())
    text = ", ".join(
        panel.money(figure, currency) for currency, figure in sorted(surpluses.items())
    )
    return Card(
        "Safeguarding surplus",
        text or "0.00",
        "clients' money is short" if short else "clients' money is covered",
        tone=panel.DANGER if short else panel.SUCCESS,
    )


def _permitted(permission: str) -> Callable[[HttpRequest], bool]:
    return lambda request: _may(request, permission)


CARDS: tuple[tuple[Callable[[HttpRequest], bool], Callable[[HttpRequest], Card]], ...] = (
    (_permitted("payments.view_payment"), _payments),
    (_permitted("payments.view_payment"), _volume),
    (_permitted("payments.view_refund"), _refunds),
    (_permitted("gateway.view_notification"), _notifications),
    (_permitted("ledger.view_account"), _trial_balance),
    (_permitted("ledger.view_account"), _safeguarding),
    (_permitted("risk.view_riskcase"), _cases),
    (_permitted("settlement.view_settlementbatch"), _batches),
    (_permitted("health_decisions.view_head"), _reds),
    (_permitted("approvals.view_approvalrequest"), _approvals),
)
