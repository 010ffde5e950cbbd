"""Customers' passkeys in the operators' panel; keys themselves are not shown."""

from django.contrib import admin

from config.kernel.customer_rows import CustomerRows
from wallet.passkeys.models import Passkey


@admin.register(Passkey)
class PasskeyAdmin(CustomerRows):
    """Passkeys: on which device, whether they count, when they last signed."""

    list_display = ("created_at", "customer", "label", "shown_state", "used_at")
    list_filter = ("state",)
    date_hierarchy = "created_at"
    fields = (
        ("customer", "label", "shown_state"),
        ("created_at", "activated_at"),
        ("used_at", "ended_at"),
    )
    readonly_fields = ("customer", "shown_state")
