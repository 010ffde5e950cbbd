"""Payouts in the operators' panel, with what the bank said of each."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.decorators import action, display

from config.kernel import panel
from config.kernel.approvals.pages import ask_page, operator_of
from config.kernel.approvals.queries import may_ask
from merchants.payouts.models import BankAnswer, Payout, PayoutCase
from merchants.payouts.usecases.close_case import CLOSE_CASE
from merchants.payouts.usecases.retry_payout import RETRY
from merchants.payouts.values import CaseTemplate, PayoutState


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
    search_fields = ("id", "bank_reference", "merchant__name", "merchant__merchant_number")
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
                    "recall_journal_id",
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
        came_back = (PayoutState.RETURNED, PayoutState.RECALLED)
        return Payout.objects.filter(state__in=came_back, id=object_id).exists()

    @action(description="Ask for another try", permissions=["ask"], icon="replay")
    def ask_retry(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask a second operator to let a returned payout be tried again."""
        return ask_page(
            request,
            action=RETRY,
            parameters={"payout_id": object_id},
            back=reverse("admin:payouts_payout_change", args=[object_id]),
        )


@admin.register(PayoutCase)
class PayoutCaseAdmin(panel.ReadOnly):
    """What came back, is overdue, or does not add up: open cases first."""

    list_display = ("opened_at", "kind", "merchant", "amount", "reason", "in_suspense", "closed_at")
    list_display_links = ("opened_at", "kind")
    list_filter = ("kind", "in_suspense", "closed_at")
    search_fields = ("payout__bank_reference", "payout__merchant__name")
    search_help_text = "Merchant's name, or the bank's reference"
    list_select_related = ("payout__merchant",)
    date_hierarchy = "opened_at"
    actions_detail = ("ask_to_merchant", "ask_explained")
    readonly_fields = ("merchant", "amount")

    @display(description="merchant")
    def merchant(self, case: PayoutCase) -> str:
        return str(case.payout.merchant)

    @display(description="amount")
    def amount(self, case: PayoutCase) -> str:
        return panel.money(case.payout.amount_minor, case.payout.currency)

    def has_ask_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether closing is offered: to its makers, while the case is open."""
        if object_id is None or not may_ask(operator_of(request), CLOSE_CASE):
            return False
        return PayoutCase.objects.filter(id=object_id, closed_at__isnull=True).exists()

    @action(description="Ask to give it to the merchant", permissions=["ask"], icon="undo")
    def ask_to_merchant(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask a second operator to take recalled money out of suspense."""
        return self._ask(request, object_id, CaseTemplate.TO_MERCHANT)

    @action(description="Ask to close it as explained", permissions=["ask"], icon="check")
    def ask_explained(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask a second operator to close a case that needs no entries."""
        return self._ask(request, object_id, CaseTemplate.EXPLAINED)

    def _ask(self, request: HttpRequest, object_id: str, template: CaseTemplate) -> HttpResponse:
        return ask_page(
            request,
            action=CLOSE_CASE,
            parameters={"case_id": object_id, "template": template.value},
            back=reverse("admin:payouts_payoutcase_change", args=[object_id]),
        )
