"""Splits, and whom merchants have bound, in the operators' panel."""

from django.contrib import admin
from unfold.decorators import display

from config.kernel import panel
from merchants.splits.models import Split, SplitRelation, SplitShare


class ShareInline(panel.ReadOnlyInline):
    """Who gets what, and what came back."""

    model = SplitShare
    fields = ("payee_number", "payee_name", "amount", "returned", "moved_at", "description")
    readonly_fields = ("amount", "returned")

    @display(description="amount")
    def amount(self, share: SplitShare) -> str:
        return panel.money(share.amount_minor, share.currency)

    @display(description="given back")
    def returned(self, share: SplitShare) -> str:
        return panel.money(share.returned_minor, share.currency)


@admin.register(Split)
class SplitAdmin(panel.ReadOnly):
    """Splits: found by number, trade and merchant."""

    list_display = ("created_at", "merchant", "trade_reference", "amount", "state_label", "reason")
    list_display_links = ("created_at", "trade_reference")
    list_filter = ("state", "at_once")
    search_fields = (
        "number",
        "request_no",
        "trade_number",
        "trade_reference",
        "merchant__merchant_number",
    )
    search_help_text = "Split's, trade's or merchant's number"
    list_select_related = ("merchant",)
    date_hierarchy = "created_at"
    inlines = (ShareInline,)
    fields = (
        ("merchant", "trade_number", "trade_reference"),
        ("amount", "state_label", "reason"),
        ("number", "request_no", "operator"),
        ("at_once", "ends"),
        ("created_at", "due_at", "ended_at"),
    )
    readonly_fields = ("amount", "state_label")

    @display(description="amount", ordering="amount_minor")
    def amount(self, split: Split) -> str:
        return panel.money(split.amount_minor, split.currency)

    @display(description="state", ordering="state", label=panel.STATE_COLOURS)
    def state_label(self, split: Split) -> str:
        return split.state


@admin.register(SplitRelation)
class SplitRelationAdmin(panel.ReadOnly):
    """Payees that merchants have bound."""

    list_display = ("merchant", "payee_number", "name", "memo", "bound_at", "unbound_at")
    search_fields = ("payee_number", "name", "merchant__name", "merchant__merchant_number")
    search_help_text = "Payee's or merchant's name or number"
    list_select_related = ("merchant",)
