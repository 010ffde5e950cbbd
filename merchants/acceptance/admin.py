"""Orders in the operators' panel. Read-only; the token in an order's code is not shown."""

from django.contrib import admin
from unfold.decorators import display

from config.kernel import panel
from merchants.acceptance.models import Order


@admin.register(Order)
class OrderAdmin(panel.ReadOnly):
    """What waits to be scanned, and what was."""

    list_display = ("reference", "merchant", "kind", "amount", "created_at", "scanned_at")
    list_filter = ("kind",)
    search_fields = ("reference", "merchant__name", "merchant__merchant_number", "payment_id")
    search_help_text = "Order number, merchant or payment id"
    list_select_related = ("merchant",)
    date_hierarchy = "created_at"
    exclude = ("token", "amount_minor")
    readonly_fields = ("amount",)

    @display(description="amount", ordering="amount_minor")
    def amount(self, order: Order) -> str:
        return panel.money(order.amount_minor, order.currency)
