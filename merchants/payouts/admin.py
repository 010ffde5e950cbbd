"""Payouts in the operators' panel, with what the bank said of each."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.decorators import action, display

from config.kernel import panel
from config.kernel.approvals.pages import ask_page, operator_of
from config.kernel.approvals.queries import may_ask
from merchants.payouts.models import BankAnswer, Payout
from merchants.payouts.usecases.retry_payout import RETRY
from merchants.payouts.values import PayoutState


class AnswerInline(panel.ReadOnlyInline):
    """What the bank said, in order."""

    model = BankAnswer
    fields = ("due_at", "given_at", "result", "reason", "disposition", "bank_reference")


@admin.register(Payout)
class PayoutAdmin(panel.ReadOnly):
    """Payouts: found by merchant, bank reference and state."""

    list_display = (
        "created_at",
        "merchant",
        "business_date",
        "amount",
        "state_label",
        "attempt",
        "reason",
    )
    list_display_links = ("created_at", "merchant")
    list_filter = ("state", "currency", "batch__business_date")
    search_fields = ("id", "bank_reference", "merchant__name", "merchant__merchant_id")
    search_help_text = "Merchant's name or number, or the bank's reference"
    list_select_related = ("merchant", "batch")
    date_hierarchy = "created_at"
    inlines = (AnswerInline,)
    actions_detail = ("ask_retry",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("merchant", "batch"),
                    ("amount", "state_label"),
                    ("attempt", "reason"),
                )
            },
        ),
        ("To", {"fields": (("bank", "bank_account"), ("holder", "bank_reference"))}),
        (
            "Steps",
            {
                "fields": (
                    ("created_at", "submitted_at"),
                    "finished_at",
                    ("out_journal_id", "end_journal_id"),
                )
            },
        ),
    )
    readonly_fields = ("amount", "state_label")

    @display(description="amount", ordering="amount_minor")
    def amount(self, payout: Payout) -> str:
        return panel.money(payout.amount_minor, payout.currency)

    @display(description="state", ordering="state", label=panel.STATE_COLOURS)
    def state_label(self, payout: Payout) -> str:
        return payout.state

    @display(description="day", ordering="batch__business_date")
    def business_date(self, payout: Payout) -> str:
        return payout.batch.business_date.isoformat()

    def has_ask_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether another try is offered: to its makers, after a return."""
        if object_id is None or not may_ask(operator_of(request), RETRY):
            return False
        return Payout.objects.filter(state=PayoutState.RETURNED, id=object_id).exists()

    @action(description="Ask for another try", permissions=["ask"], icon="replay")
    def ask_retry(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask a second operator to let a returned payout be tried again."""
        return ask_page(
            request,
            action=RETRY,
            parameters={"payout_id": object_id},
            back=reverse("admin:payouts_payout_change", args=[object_id]),
        )
