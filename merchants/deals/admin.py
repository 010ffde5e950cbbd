"""Deals in the operators' panel."""

from django.contrib import admin
from unfold.decorators import display

from config.kernel import panel
from merchants.deals.models import Deal, DealMove, ParcelEvent, RefundRequest


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
    search_fields = ("reference", "offer__merchant__name", "offer__merchant__merchant_id")
    search_help_text = "Buyer's reference, or merchant's name or number"
    list_select_related = ("offer__merchant",)
    inlines = (RefundRequestInline, TimelineInline)
    fields = (("offer", "merchant"), ("amount", "shown_state"), ("created_at", "due_at"))
    readonly_fields = ("merchant", "amount", "shown_state")

    @display(description="Merchant")
    def merchant(self, row: Deal) -> str:
        return row.offer.merchant.name

    @display(description="Amount", ordering="amount_minor")
    def amount(self, row: Deal) -> str:
        return panel.money(row.amount_minor, row.currency)

    @display(description="State", label=panel.STATE_COLOURS, ordering="state")
    def shown_state(self, row: Deal) -> str:
        return row.state


@admin.register(ParcelEvent)
class ParcelEventAdmin(panel.ReadOnly):
    """Carriers' events; those without a parcel are orphans, which somebody should look into."""

    list_display = ("received_at", "carrier", "number", "state", "occurred_at", "parcel")
    list_filter = (("parcel", admin.EmptyFieldListFilter), "state")
    search_fields = ("number", "carrier__name")
    list_select_related = ("carrier", "parcel")
    fields = (("carrier", "number"), ("state", "proof"), ("occurred_at", "received_at"), "parcel")
