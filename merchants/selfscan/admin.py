"""Scan and go in the operators' panel."""

from django.contrib import admin

from config.kernel import panel
from config.kernel.customer_rows import CustomerRows
from merchants.selfscan.models import Trip, TripLine


class LinesInline(panel.ReadOnlyInline):
    """What is in the basket, and what an audit counted."""

    model = TripLine
    fields = ("product", "quantity", "counted", "price_minor", "approved")
    readonly_fields = fields


@admin.register(Trip)
class TripAdmin(CustomerRows):
    """Trips through stores: whose, what they came to, and how the door let them out."""

    customer_column = "shopper_id"
    list_display = ("opened_at", "store", "number", "customer", "amount", "shown_state", "drawn")
    list_filter = ("state", "drawn")
    list_select_related = ("store__store",)
    date_hierarchy = "opened_at"
    inlines = (LinesInline,)
    fields = (
        ("store", "number", "customer"),
        ("amount", "difference", "shown_state"),
        ("payment_id", "difference_payment_id"),
        ("drawn", "removals", "attempt"),
        ("opened_at", "due_at", "ended_at"),
    )
    readonly_fields = ("customer", "amount", "difference", "shown_state")
    amount = panel.amount_column("total_minor", "amount")
    difference = panel.amount_column("difference_minor", "difference")
