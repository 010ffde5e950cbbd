"""Vehicles and their stays in the operators' panel."""

from django.contrib import admin

from config.kernel import panel
from config.kernel.customer_rows import CustomerRows
from merchants.parking.models import Stay, Vehicle


@admin.register(Vehicle)
class VehicleAdmin(CustomerRows):
    """Plates that their owners put under agreements."""

    list_display = ("registered_at", "plate", "customer", "merchant", "removed_at")
    list_filter = (("removed_at", admin.EmptyFieldListFilter),)
    list_select_related = ("merchant",)
    date_hierarchy = "registered_at"
    fields = (("plate", "customer", "merchant"), "agreement_id", ("registered_at", "removed_at"))
    readonly_fields = ("customer",)


@admin.register(Stay)
class StayAdmin(panel.ReadOnly):
    """Who was inside from when to when, for how much, and what was left unpaid."""

    list_display = ("entered_at", "vehicle", "amount", "shown_state", "refusal", "exited_at")
    list_filter = ("state",)
    search_fields = ("vehicle__plate",)
    search_help_text = "Plate"
    list_select_related = ("vehicle",)
    date_hierarchy = "entered_at"
    fields = (("vehicle", "shown_state", "amount"), ("entered_at", "exited_at"),
              ("payment_id", "refusal"))  # fmt: skip
    readonly_fields = ("amount", "shown_state")
    amount = panel.amount_column("amount_minor", "amount")
