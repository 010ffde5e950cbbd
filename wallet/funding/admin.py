"""Savings and the pay-later line in the operators' panel."""

from django.contrib import admin

from config.kernel import panel
from config.kernel.customer_rows import CustomerRows
from wallet.funding.models import Bill, CreditLine, LoanEntry, SavingsOrder


class BillsInline(panel.ReadOnlyInline):
    """What the line owed, month by month."""

    model = Bill
    fields = ("opened_at", "state", "amount_minor", "fee_minor", "paid_minor", "due_at")
    readonly_fields = fields


class LoanEntriesInline(panel.ReadOnlyInline):
    """The lender's own book of the line."""

    model = LoanEntry
    fields = ("at", "event", "change_minor", "owed_minor")
    readonly_fields = fields


@admin.register(CreditLine)
class CreditLineAdmin(CustomerRows):
    """Pay-later lines: their limits, what is owed, their bills."""

    list_display = ("opened_at", "customer", "limit", "owed", "shown_state")
    list_filter = ("state",)
    date_hierarchy = "opened_at"
    inlines = (BillsInline, LoanEntriesInline)
    fields = (("customer", "shown_state"), ("limit", "owed"), "opened_at")
    readonly_fields = ("customer", "limit", "owed", "shown_state")
    limit = panel.amount_column("limit_minor", "limit")
    owed = panel.amount_column("owed_minor", "owed")


@admin.register(SavingsOrder)
class SavingsOrderAdmin(CustomerRows):
    """What went into savings and came out; the fund confirms it at night."""

    list_display = ("created_at", "customer", "kind", "amount", "confirmed_at")
    list_filter = ("kind", ("confirmed_at", admin.EmptyFieldListFilter))
    date_hierarchy = "created_at"
    fields = (("customer", "kind", "amount"), ("created_at", "confirmed_at"), "journal_id")
    readonly_fields = ("customer", "amount")
    amount = panel.amount_column("amount_minor", "amount")
