"""A payment from its asking to the bank: every step that left a trace, in order, on one page."""

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from config.admin import figures
from config.admin.sidebar import address
from config.http.pages import story_address
from config.kernel.approvals.pages import operator_of
from config.kernel.approvals.queries import visible_to
from config.kernel.approvals.values import Link
from config.kernel.audit.models import AuditEvent
from config.kernel.panel import grid, money
from config.kernel.words import code_in_words, in_words
from merchants.notifications.models import Notification
from merchants.payouts.models import Payout
from merchants.settlement.queries import lines_about
from wallet.ledger import queries as ledger
from wallet.payments.models import DepositBack, Payment
from wallet.risk.queries import decisions_of

MAY_SEE = "payments.view_payment"
HEADS = ("at", "step", "what", "details")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: when, of what kind, in words, and where it is read whole."""

    at: datetime
    kind: str
    words: str
    link: Link | str = ""


@require_GET
def payment_timeline(request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
    """The page, with the steps whose tables this operator may look at.

    Raises:
        PermissionDenied: this operator may look at no payment.
        Http404: there is none of that id.
    """
    if not operator_of(request).has_perm(MAY_SEE):
        raise PermissionDenied
    payment = Payment.objects.filter(id=object_id).first()
    if payment is None:
        raise Http404
    steps = [
        step for table, read in READERS.items() if address(request, table) for step in read(payment)
    ]
    steps += _approvals(request, payment)
    steps.sort(key=lambda step: step.at)
    context = {
        **admin.site.each_context(request),
        "title": gettext("Payment %(number)s") % {"number": payment.number},
        "back": reverse("admin:payments_payment_change", args=[payment.id]),
        "story": story_address(payment.number),
        "steps": grid(HEADS, [_line(step) for step in steps], request),
    }
    return render(request, "console/payment_timeline.html", context)


def _line(step: Step) -> list[object]:
    at = step.at.astimezone(figures.zone())
    return [f"{at:%Y-%m-%d %H:%M:%S}", in_words(step.kind), step.words, step.link]


def _of_payment(payment: Payment) -> Iterator[Step]:
    amount = money(payment.amount_minor, payment.currency)
    yield Step(payment.created_at, "asked", f"{amount}, {payment.payee_name}, {payment.reference}")
    if payment.paid_at:
        yield Step(payment.paid_at, "paid", f"{amount}, {code_in_words(payment.method)}")
    if payment.closed_at:
        yield Step(payment.closed_at, "closed", payment.close_reason)


def _of_risk(payment: Payment) -> Iterator[Step]:
    for decision in decisions_of(payment.id):
        words = ", ".join([code_in_words(decision.stage), *decision.reasons])
        link = Link(code_in_words(decision.decision), "risk.RiskDecision", str(decision.pk))
        yield Step(decision.decided_at, "risk", words, link)


def _of_ledger(payment: Payment) -> Iterator[Step]:
    for journal in ledger.journals_for(payment.number):
        entries = "; ".join(
            in_words(f"{entry.side.lower()} {_short(entry.account.code)}")
            + f": {money(entry.amount_minor, entry.currency)}"
            for entry in journal.entries.all()
        )
        link = Link(journal.kind, "ledger.Journal", str(journal.pk))
        yield Step(journal.posted_at, "entries", entries, link)


def _short(account_code: str) -> str:
    """An account without its owner's id, which the journal's own page shows."""
    return " ".join(part for part in account_code.split(":") if not _UUID.fullmatch(part))


def _of_refunds(payment: Payment) -> Iterator[Step]:
    for refund in payment.refunds.all():
        amount = money(refund.amount_minor, refund.currency)
        link = Link(refund.request_no, "payments.Refund", str(refund.pk))
        yield Step(refund.created_at, "refund", f"{amount}, {refund.reason or '-'}", link)


def _of_deposits_back(payment: Payment) -> Iterator[Step]:
    for row in DepositBack.objects.filter(refund__payment=payment).select_related("refund"):
        amount = money(row.amount_minor, row.refund.currency)
        link: Link | str = ""
        if row.withdrawal_id:
            link = Link(code_in_words(row.state), "accounts.Withdrawal", str(row.withdrawal_id))
        yield Step(
            row.created_at, "refund to the bank", f"{amount}, {code_in_words(row.state)}", link
        )


def _of_notifications(payment: Payment) -> Iterator[Step]:
    for row in Notification.objects.filter(trade_no=payment.number).prefetch_related("attempts"):
        link = Link(code_in_words(row.state), "gateway.Notification", str(row.pk))
        yield Step(row.created_at, "notification", f"{row.topic} → {row.url or '-'}", link)
        for attempt in row.attempts.all():
            answer = attempt.failure or f"HTTP {attempt.status}"
            yield Step(attempt.started_at, "attempt", f"{attempt.number}: {answer}", link)


def _of_settlement(payment: Payment) -> Iterator[Step]:
    lines = lines_about(payment.id).select_related("batch")
    for line in lines:
        batch = line.batch
        net = money(line.net_minor, batch.currency)
        link = Link(str(batch), "settlement.SettlementBatch", str(batch.pk))
        if batch.calculated_at:
            yield Step(
                batch.calculated_at,
                "settlement",
                f"{code_in_words(line.kind)}: {net}, {code_in_words(batch.state)}",
                link,
            )


def _of_payouts(payment: Payment) -> Iterator[Step]:
    batches = lines_about(payment.id).values("batch_id")
    for payout in Payout.objects.filter(batch_id__in=batches):
        amount = money(payout.amount_minor, payout.currency)
        link = Link(code_in_words(payout.state), "payouts.Payout", str(payout.pk))
        words = f"{amount}, {payout.bank_reference or '-'}"
        yield Step(payout.submitted_at or payout.created_at, "bank", words, link)


def _of_audit(payment: Payment) -> Iterator[Step]:
    for event in AuditEvent.objects.filter(target=f"payment:{payment.number}").order_by("seq"):
        link = Link(str(event.seq), "audit.AuditEvent", str(event.pk))
        yield Step(event.at, "audit", f"{event.action}, {event.actor}", link)


def _approvals(request: HttpRequest, payment: Payment) -> Iterator[Step]:
    for approval in visible_to(operator_of(request)).filter(target=f"payment:{payment.id}"):
        link = Link(code_in_words(approval.status), "approvals.ApprovalRequest", str(approval.pk))
        yield Step(approval.requested_at, "approval", f"{approval.action}: {approval.reason}", link)


READERS: dict[str, Callable[[Payment], Iterator[Step]]] = {
    "payments.Payment": _of_payment,
    "risk.RiskDecision": _of_risk,
    "ledger.Journal": _of_ledger,
    "payments.Refund": _of_refunds,
    "accounts.Withdrawal": _of_deposits_back,
    "gateway.Notification": _of_notifications,
    "settlement.SettlementBatch": _of_settlement,
    "payouts.Payout": _of_payouts,
    "audit.AuditEvent": _of_audit,
}
