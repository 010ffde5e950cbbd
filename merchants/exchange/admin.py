"""Payments in other currencies in the operators' panel."""

from django.contrib import admin
from unfold.decorators import display

from config.kernel import panel
from config.kernel.customer_rows import CustomerRows
from merchants.exchange.models import FxPayment, FxQuote, FxRefund


class RefundsInline(panel.ReadOnlyInline):
    """What went back, at the payment's own rate."""

    model = FxRefund
    fields = ("created_at", "request_no", "amount_minor", "returned_minor", "journal_id")
    readonly_fields = fields


@admin.register(FxPayment)
class FxPaymentAdmin(CustomerRows):
    """What was paid in yuan and credited in another currency."""

    customer_column = "payer_id"
    list_display = ("paid_at", "merchant", "reference", "customer", "paid", "credited", "refunded")
    list_filter = ("currency",)
    list_select_related = ("merchant",)
    date_hierarchy = "paid_at"
    inlines = (RefundsInline,)
    fields = (("merchant", "reference", "customer"), ("paid", "credited", "refunded"),
              ("quote", "journal_id", "paid_at"))  # fmt: skip
    readonly_fields = ("customer", "paid", "credited", "refunded")
    paid = panel.amount_column("paid_minor", "paid", currency="CNY")
    credited = panel.amount_column("amount_minor", "credited")
    refunded = panel.amount_column("refunded_minor", "refunded")


@admin.register(FxQuote)
class FxQuoteAdmin(CustomerRows):
    """What an order was quoted at, and until when."""

    customer_column = "payer_id"
    list_display = ("created_at", "merchant", "reference", "customer", "quoted", "rate", "used_at")
    list_filter = ("currency", ("used_at", admin.EmptyFieldListFilter))
    list_select_related = ("merchant",)
    date_hierarchy = "created_at"
    fields = (("merchant", "reference", "customer"), ("quoted", "rate", "markup_bps"),
              ("created_at", "expires_at", "used_at"))  # fmt: skip
    readonly_fields = ("customer", "quoted", "rate")

    @display(description="quoted", ordering="paid_minor")
    def quoted(self, row: FxQuote) -> str:
        bought = panel.money(row.amount_minor, row.currency)
        return f"{panel.money(row.paid_minor, 'CNY')} = {bought}"

    @display(description="rate", ordering="rate_micro")
    def rate(self, row: FxQuote) -> str:
        return f"{row.rate_micro / 1_000_000:.6f}"
