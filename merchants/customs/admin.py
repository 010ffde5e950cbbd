"""Customs declarations in the operators' panel."""

from django.contrib import admin
from unfold.decorators import display

from config.kernel import panel
from merchants.customs.models import CustomsDeclaration


@admin.register(CustomsDeclaration)
class CustomsDeclarationAdmin(panel.ReadOnly):
    """Declarations: found by their numbers, the trade's and the merchant's."""

    list_display = ("created_at", "merchant", "number", "trade_number", "place", "amount", "state")
    list_filter = ("state", "place")
    search_fields = ("number", "request_no", "trade_number", "merchant__merchant_number")
    search_help_text = "Number of the declaration, the trade or the merchant"
    list_select_related = ("merchant",)
    date_hierarchy = "created_at"
    fields = (
        ("merchant", "number", "request_no"),
        ("trade_number", "part", "amount"),
        ("place", "customs_code", "customs_name"),
        ("state", "reason"),
        ("created_at", "answered_at"),
    )
    readonly_fields = ("amount",)

    @display(description="amount", ordering="amount_minor")
    def amount(self, row: CustomsDeclaration) -> str:
        return panel.money(row.amount_minor, row.currency)
