"""The operators' view of payments: looked at and searched, never edited."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import display

from config.kernel.panel import STATE_COLOURS, ReadOnly, ReadOnlyInline, money, table
from wallet.accounts.models import WalletUser
from wallet.ledger import queries as ledger
from wallet.payments.models import DepositBack, Payment, PaymentCode, Refund, Transfer
from wallet.risk.queries import decisions_of

CODE_COLOURS = {"ISSUED": "info", "CLAIMED": "success", "BURNED": "danger"}


class RefundInline(ReadOnlyInline):
    """A payment's refunds."""

    model = Refund
    fields = ("request_no", "amount", "reason", "operator", "status", "created_at")
    readonly_fields = fields

    @display(description="Amount")
    def amount(self, refund: Refund) -> str:
        return money(refund.amount_minor, refund.currency)


@admin.register(Payment)
class PaymentAdmin(ReadOnly):
    """Payments with their journals, refunds and risk decisions."""

    list_display = ("number", "shown_status", "amount", "payee_name", "reference", "created_at")
    list_filter = ("status", "method", "presented", "needs_pin", "business_date")
    search_fields = ("number", "reference", "payee_name", "=id", "=payer_id", "=payee_id")
    inlines = (RefundInline,)
    fieldsets = (
        (
            None,
            {"fields": ("number", "id", "shown_status", "amount", "refunded", "description")},
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
        if payment.payer_id is None:
            return "nobody yet"
        return str(WalletUser.objects.filter(id=payment.payer_id).first())

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

    list_display = ("number", "amount", "payee_name", "note", "created_at")
    search_fields = ("number", "=payer_id", "=payee_id")
    fields = ("number", "id", "amount", "payer", "payee", "note", "created_at", "journals")
    readonly_fields = ("amount", "payer", "payee", "journals")

    @display(description="Amount", ordering="amount_minor")
    def amount(self, transfer: Transfer) -> str:
        return money(transfer.amount_minor, transfer.currency)

    @display(description="Payer")
    def payer(self, transfer: Transfer) -> str:
        return str(WalletUser.objects.filter(id=transfer.payer_id).first())

    @display(description="Payee")
    def payee(self, transfer: Transfer) -> str:
        return str(WalletUser.objects.filter(id=transfer.payee_id).first())

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


def journal_table(reference: str) -> SafeString:
    """The journals of a payment or transfer with their entries, read through the ledger."""
    rows = [
        (
            f"{journal.posted_at:%Y-%m-%d %H:%M:%S}",
            journal.kind,
            entry.account.code,
            entry.side,
            money(entry.amount_minor, entry.currency),
        )
        for journal in ledger.journals_for(reference)
        for entry in journal.entries.select_related("account").order_by("line_no")
    ]
    cells = format_html_join("", "<tr>" + '<td class="pr-6 py-1">{}</td>' * 5 + "</tr>", rows)
    return format_html('<table class="text-sm">{}</table>', cells)
