"""The operators' view of payments: looked at and searched, never edited."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.forms import DecimalField, Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from config.http.pages import story_address
from config.kernel.actors import operator_actor
from config.kernel.approvals.forms import ReasonForm
from config.kernel.approvals.pages import ask_form_page, operator_of, step_page
from config.kernel.approvals.queries import may_ask
from config.kernel.panel import (
    LINK,
    STATE_COLOURS,
    FittingActions,
    ReadOnly,
    ReadOnlyInline,
    money,
    table,
)
from config.kernel.words import code_in_words, in_words
from wallet.accounts.models import WalletUser
from wallet.ledger import queries as ledger
from wallet.money import format_amount, parse_amount
from wallet.payments.models import DepositBack, Payment, PaymentCode, Refund, Transfer
from wallet.payments.usecases.close_payment import close_stuck_payment
from wallet.payments.values import PaymentStatus
from wallet.risk.queries import decisions_of

# Registered by the slice that knows what the shop still owes, above this one.
REFUND = "payments.refund"


class RefundInline(ReadOnlyInline):
    """A payment's refunds."""

    model = Refund
    fields = ("request_no", "amount", "reason", "operator", "status", "created_at")
    readonly_fields = fields

    @display(description="Amount")
    def amount(self, refund: Refund) -> str:
        return money(refund.amount_minor, refund.currency)


@admin.register(Payment)
class PaymentAdmin(FittingActions, ReadOnly):
    """Payments with their journals, refunds and risk decisions."""

    actions_detail = ("ask_refund", "close")
    action_fits = {
        "ask_refund": lambda payment: payment.status == PaymentStatus.PAID,
        "close": lambda payment: payment.status == PaymentStatus.PENDING,
    }

    list_display = ("number", "shown_status", "amount", "payee_name", "reference", "created_at")
    list_filter = ("status", "method", "presented", "needs_pin", "business_date")
    search_fields = ("number", "reference", "payee_name", "=id", "=payer_id", "=payee_id")
    inlines = (RefundInline,)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "number",
                    "id",
                    "shown_status",
                    "amount",
                    "refunded",
                    "description",
                    "timeline",
                )
            },
        ),
        (
            "Parties",
            {"fields": ("payer", "payee_name", "payee_kind", "payee_id", "reference", "device_id")},
        ),
        (
            "Times",
            {
                "fields": (
                    "created_at",
                    "expires_at",
                    "paid_at",
                    "finish_at",
                    "closed_at",
                    "close_reason",
                    "business_date",
                )
            },
        ),
        ("Journals", {"fields": ("journals",)}),
        ("Risk", {"fields": ("risk",)}),
        ("What the payee added", {"fields": ("extras",)}),
    )

    def has_refund_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may ask for a refund."""
        return may_ask(operator_of(request), REFUND)

    def has_close_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may close what nobody has paid."""
        return bool(request.user.has_perm("payments.change_payment"))

    @action(description="Ask for a refund", permissions=["refund"], icon="undo")
    def ask_refund(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask a second operator to give the payer money back."""
        payment = Payment.objects.get(id=object_id)

        def parameters(form: Form) -> dict[str, object]:
            amount_minor = parse_amount(form.cleaned_data["amount"], payment.currency)
            return {"id": str(payment.id), "amount_minor": amount_minor}

        left = format_amount(payment.amount_minor - payment.refunded_minor, payment.currency)
        return ask_form_page(
            request,
            action=REFUND,
            form=RefundForm(request.POST or None, initial={"amount": left}),
            back=_page(object_id),
            parameters=parameters,
            facts={"The payment": lambda _: _facts(payment)},
        )

    @action(description="Close the payment", permissions=["close"], icon="cancel")
    def close(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Close a payment that nobody has paid; no money has moved."""

        def run(form: Form) -> str:
            close_stuck_payment(
                payment_id=UUID(object_id),
                actor=operator_actor(request.user.get_username()),
                reason=form.cleaned_data["reason"],
            )
            messages.success(request, "The payment is closed.")
            return _page(object_id)

        payment = Payment.objects.get(id=object_id)
        return step_page(
            request,
            title="Close the payment",
            button="Close the payment",
            form=ReasonForm(request.POST or None),
            facts={"The payment": lambda _: _facts(payment)},
            parameters={},
            back=_page(object_id),
            run=run,
        )

    @display(description="Status", label=STATE_COLOURS, ordering="status")
    def shown_status(self, payment: Payment) -> str:
        return payment.status

    @display(description="Amount", ordering="amount_minor")
    def amount(self, payment: Payment) -> str:
        return money(payment.amount_minor, payment.currency)

    @display(description="Refunded")
    def refunded(self, payment: Payment) -> str:
        return money(payment.refunded_minor, payment.currency)

    @display(description="Payer")
    def payer(self, payment: Payment) -> str:
        return _name_of(payment.payer_id)

    @display(description="Timeline")
    def timeline(self, payment: Payment) -> SafeString:
        """Links to everything that left a trace, in order, and to the lab's story of it."""
        page = reverse("payments_payment_timeline", args=[payment.id])
        steps = (page, gettext("All its steps"))
        pages = [steps, (story_address(payment.number), gettext("The payment's story"))]
        links = ((LINK, address, words) for address, words in pages if address)
        return format_html_join(" · ", '<a class="{}" href="{}">{}</a>', links)

    @display(description="Journals")
    def journals(self, payment: Payment) -> SafeString:
        return journal_table(payment.number)

    @display(description="Decisions")
    def risk(self, payment: Payment) -> SafeString:
        return table(
            {
                f"{decision.stage} {decision.decision}": (
                    f"score {decision.score}, {', '.join(decision.reasons) or 'no rule fired'}"
                )
                for decision in decisions_of(payment.id)
            }
        )

    @display(description="Details")
    def extras(self, payment: Payment) -> SafeString:
        return table(payment.details)


class DepositBackInline(ReadOnlyInline):
    """How the refund went on to the buyer's bank."""

    model = DepositBack
    fields = ("state", "amount", "withdrawal_id", "created_at", "ended_at")
    readonly_fields = fields

    @display(description="Amount")
    def amount(self, row: DepositBack) -> str:
        return money(row.amount_minor, row.refund.currency)


@admin.register(Refund)
class RefundAdmin(ReadOnly):
    """Refunds of all payments."""

    list_display = ("request_no", "payment", "amount", "status", "created_at")
    list_filter = ("status", "business_date")
    search_fields = ("request_no", "payment__number", "payment__reference")
    list_select_related = ("payment",)
    inlines = (DepositBackInline,)
    fields = (
        "id",
        "payment",
        "request_no",
        "amount",
        "reason",
        "operator",
        "status",
        "created_at",
        "business_date",
        "journal_id",
    )
    readonly_fields = ("amount",)

    @display(description="Amount", ordering="amount_minor")
    def amount(self, refund: Refund) -> str:
        return money(refund.amount_minor, refund.currency)


@admin.register(Transfer)
class TransferAdmin(ReadOnly):
    """Money sent from person to person."""

    list_display = ("number", "amount", "shown_state", "payee_name", "note", "created_at")
    list_filter = ("state",)
    search_fields = ("number", "=payer_id", "=payee_id")
    fields = (
        *("number", "id", "amount", "shown_state", "payer", "payee", "note"),
        *("created_at", "due_at", "ended_at", "journals"),
    )
    readonly_fields = ("amount", "shown_state", "payer", "payee", "journals")

    @display(description="Amount", ordering="amount_minor")
    def amount(self, transfer: Transfer) -> str:
        return money(transfer.amount_minor, transfer.currency)

    @display(
        description="State",
        label={"DELAYED": "info", "SUCCEEDED": "success", "RETURNED": "warning"},
    )
    def shown_state(self, transfer: Transfer) -> str:
        return transfer.state

    @display(description="Payer")
    def payer(self, transfer: Transfer) -> str:
        return _name_of(transfer.payer_id)

    @display(description="Payee")
    def payee(self, transfer: Transfer) -> str:
        return _name_of(transfer.payee_id)

    @display(description="Journals")
    def journals(self, transfer: Transfer) -> SafeString:
        return journal_table(transfer.number)


@admin.register(PaymentCode)
class PaymentCodeAdmin(ReadOnly):
    """Payment codes; the digits themselves are not shown while a code is live."""

    list_display = ("id", "kind", "shown_state", "strikes", "issued_at", "expires_at")
    list_filter = ("state", "kind")
    search_fields = ("=id", "=user_id", "=device_id", "claim_reference")
    exclude = ("token",)

    @display(
        description="State", label={"ISSUED": "info", "CLAIMED": "success", "BURNED": "danger"}
    )
    def shown_state(self, code: PaymentCode) -> str:
        return code.state

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("token")


class RefundForm(ReasonForm):
    """How much goes back, in the payment's currency, and why."""

    amount = DecimalField(
        min_value=Decimal("0.01"), decimal_places=2, widget=UnfoldAdminTextInputWidget()
    )


def _facts(payment: Payment) -> dict[str, object]:
    """What an operator sees of a payment before something is done to it."""
    return {
        "number": payment.number,
        "amount": money(payment.amount_minor, payment.currency),
        "refunded so far": money(payment.refunded_minor, payment.currency),
        "payer": _name_of(payment.payer_id),
        "payee": payment.payee_name,
        "status": payment.status,
    }


def _name_of(user_id: UUID | None) -> str:
    if user_id is None:
        return in_words("nobody yet")
    return str(WalletUser.objects.filter(id=user_id).first())


def _page(object_id: str) -> str:
    return reverse("admin:payments_payment_change", args=[object_id])


def journal_table(reference: str) -> SafeString:
    """The journals of a payment or transfer with their entries, read through the ledger."""
    rows = [
        (
            f"{localtime(journal.posted_at):%Y-%m-%d %H:%M:%S}",
            journal.kind,
            entry.account.code,
            code_in_words(entry.side, "side"),
            money(entry.amount_minor, entry.currency),
        )
        for journal in ledger.journals_for(reference)
        for entry in journal.entries.select_related("account").order_by("line_no")
    ]
    cells = format_html_join("", "<tr>" + '<td class="pr-6 py-1">{}</td>' * 5 + "</tr>", rows)
    return format_html('<table class="text-sm">{}</table>', cells)
