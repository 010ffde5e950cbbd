"""Merchants' equipment in the operators' panel."""

from django.contrib import admin

from config.kernel import panel
from merchants.workbench.models import Equipment


@admin.register(Equipment)
class EquipmentAdmin(panel.ReadOnly):
    """Tills and terminals: when each was heard of last, and how it did."""

    list_display = ("heard_at", "merchant", "number", "kind", "status", "store", "network")
    list_display_links = ("heard_at", "number")
    list_filter = ("status", "kind")
    search_fields = ("number", "store", "merchant__name", "merchant__merchant_number")
    search_help_text = "Number of the equipment, store, or merchant's name or number"
    list_select_related = ("merchant",)
    fields = (
        ("merchant", "number"),
        ("product", "kind", "status"),
        ("store", "network"),
        ("reported_at", "heard_at"),
        "trades",
        "exceptions",
    )
