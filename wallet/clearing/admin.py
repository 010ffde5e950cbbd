"""Both halves of payments between placement units, in the operators' panel.

An installation shows the halves that its own units hold: the other half of one that left
stands in the other unit's panel, under the same id.
"""

from django.contrib import admin

from config.kernel import panel
from config.kernel.customer_rows import CustomerRows
from wallet.clearing.models import IncomingTransfer, OutgoingTransfer


@admin.register(OutgoingTransfer)
class OutgoingTransferAdmin(CustomerRows):
    """What customers here paid to merchants of other units; `due_at` is when these are asked."""

    customer_column = "payer_id"
    list_display = (
        "created_at", "customer", "amount", "reference", "unit", "payee_unit", "shown_state",
    )  # fmt: skip
    list_filter = ("state", "reason", "payee_unit", ("due_at", admin.EmptyFieldListFilter))
    # Ids are in the order of time, and the key has an index.
    ordering = ("-id",)
    fields = (
        ("customer", "payee_id"), ("amount", "reference"), ("shown_state", "reason"),
        ("unit", "payee_unit"), ("created_at", "due_at"), ("journal_id", "return_journal_id"),
    )  # fmt: skip
    readonly_fields = ("customer", "amount", "shown_state")
    amount = panel.amount_column("amount_minor", "amount")


@admin.register(IncomingTransfer)
class IncomingTransferAdmin(panel.ReadOnly):
    """What came for merchants here from payers of other units, and what was decided of it."""

    list_display = (
        "received_at", "payee_id", "amount", "reference", "payer_unit", "unit", "shown_state",
    )  # fmt: skip
    list_filter = ("state", "reason", "payer_unit")
    search_fields = ("=id", "=payer_id", "=payee_id", "=reference")
    search_help_text = "Reference in full, or an id"
    ordering = ("-id",)
    fields = (
        ("payer_id", "payee_id"), ("amount", "reference"), ("shown_state", "reason"),
        ("payer_unit", "unit"), ("received_at", "decided_at"), "journal_id",
    )  # fmt: skip
    readonly_fields = ("amount", "shown_state")
    amount = panel.amount_column("amount_minor", "amount")
