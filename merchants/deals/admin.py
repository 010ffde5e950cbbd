"""Deals in the operators' panel."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget

from config.kernel import panel
from config.kernel.approvals.forms import ReasonForm
from config.kernel.approvals.pages import ask_form_page, operator_of
from config.kernel.approvals.queries import may_ask
from merchants.deals.arbitration import ARBITRATE
from merchants.deals.models import Deal, DealMove, ParcelEvent, RefundRequest


class OutcomeForm(ReasonForm):
    """For whom a refund request is to be decided, and why."""

    outcome = forms.ChoiceField(
        choices=[("buyer", "For the buyer"), ("merchant", "For the merchant")],
        widget=UnfoldAdminSelectWidget,
    )


class TimelineInline(panel.ReadOnlyInline):
    """What happened to a deal."""

    model = DealMove
    fields = ("at", "move", "start", "to", "by", "amount_minor")
    readonly_fields = fields


class RefundRequestInline(panel.ReadOnlyInline):
    """What the buyer asked back."""

    model = RefundRequest
    fields = ("created_at", "amount_minor", "reason", "returns", "state", "due_at")
    readonly_fields = fields


@admin.register(Deal)
class DealAdmin(panel.ReadOnly):
    """Deals: found by reference and merchant, filtered by policy and state."""

    list_display = ("created_at", "offer", "merchant", "amount", "shown_state", "due_at")
    list_filter = ("offer__policy", "state")
    search_fields = ("reference", "offer__merchant__name", "offer__merchant__merchant_number")
    search_help_text = "Buyer's reference, or merchant's name or number"
    list_select_related = ("offer__merchant",)
    inlines = (RefundRequestInline, TimelineInline)
    fields = (("offer", "merchant"), ("amount", "shown_state"), ("created_at", "due_at"))
    readonly_fields = ("merchant", "amount", "shown_state")
    actions_detail = ("ask_arbitration",)
    amount = panel.amount_column("amount_minor", "Amount")

    @display(description="Merchant")
    def merchant(self, row: Deal) -> str:
        return row.offer.merchant.name

    def has_arbitrate_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may ask for a refund request to be decided."""
        return may_ask(operator_of(request), ARBITRATE)

    @action(description="Ask for a decision", url_path="arbitrate", permissions=["arbitrate"],
            icon="gavel")  # fmt: skip
    def ask_arbitration(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask another operator to decide the refund request that is open."""
        row = RefundRequest.objects.filter(deal_id=object_id, ended_at__isnull=True).first()

        def parameters(filled: Any) -> dict[str, object]:
            return {
                "request": "" if row is None else str(row.id),
                "for_buyer": filled.cleaned_data["outcome"] == "buyer",
            }

        return ask_form_page(
            request,
            action=ARBITRATE,
            form=OutcomeForm(request.POST or None),
            back=reverse("admin:deals_deal_change", args=[object_id]),
            parameters=parameters,
        )


@admin.register(ParcelEvent)
class ParcelEventAdmin(panel.ReadOnly):
    """Carriers' events; those without a parcel are orphans, which somebody should look into."""

    list_display = ("received_at", "carrier", "number", "state", "occurred_at", "parcel")
    list_filter = (("parcel", admin.EmptyFieldListFilter), "state")
    search_fields = ("number", "carrier__name")
    list_select_related = ("carrier", "parcel")
    fields = (("carrier", "number"), ("state", "proof"), ("occurred_at", "received_at"), "parcel")
