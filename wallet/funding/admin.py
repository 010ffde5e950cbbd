"""Savings and the pay-later line in the operators' panel."""

from django.contrib import admin
from unfold.decorators import display

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

    @display(description="limit", ordering="limit_minor")
    def limit(self, row: CreditLine) -> str:
        return panel.money(row.limit_minor, "CNY")

    @display(description="owed", ordering="owed_minor")
    def owed(self, row: CreditLine) -> str:
        return panel.money(row.owed_minor, "CNY")

    @display(description="state", label=panel.STATE_COLOURS, ordering="state")
    def shown_state(self, row: CreditLine) -> str:
        return row.state


@admin.register(SavingsOrder)
class SavingsOrderAdmin(CustomerRows):
    """What went into savings and came out; the fund confirms it at night."""

    list_display = ("created_at", "customer", "kind", "amount", "confirmed_at")
    list_filter = ("kind", ("confirmed_at", admin.EmptyFieldListFilter))
    date_hierarchy = "created_at"
    fields = (("customer", "kind", "amount"), ("created_at", "confirmed_at"), "journal_id")
    readonly_fields = ("customer", "amount")

    @display(description="amount", ordering="amount_minor")
    def amount(self, row: SavingsOrder) -> str:
        return panel.money(row.amount_minor, "CNY")
