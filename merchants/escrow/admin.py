"""Guaranteed trades in the operators' panel."""

from django.contrib import admin
from unfold.decorators import display

from config.kernel import panel
from merchants.escrow.models import Escrow


@admin.register(Escrow)
class EscrowAdmin(panel.ReadOnly):
    """Guaranteed trades: found by payment and merchant."""

    list_display = ("held_at", "merchant", "payment_id", "amount", "due_at", "released_at")
    search_fields = ("payment_id", "request_no", "merchant__name", "merchant__merchant_number")
    search_help_text = "Payment's id, or merchant's name or number"
    list_select_related = ("merchant",)
    date_hierarchy = "held_at"
    fields = (
        ("merchant", "payment_id"),
        ("amount", "request_no"),
        ("held_at", "due_at", "released_at"),
        "journal_id",
    )
    readonly_fields = ("amount",)

    @display(description="released", ordering="amount_minor")
    def amount(self, row: Escrow) -> str:
        return panel.money(row.amount_minor, row.currency)
