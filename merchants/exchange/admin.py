"""Payments in other currencies in the operators' panel."""

from django.contrib import admin
from unfold.decorators import display

from config.kernel import panel
from config.kernel.customer_rows import CustomerRows
from merchants.exchange.models import FxPayment, FxQuote, FxRefund, FxValuation
from merchants.exchange.rules import rate_text


class RefundsInline(panel.ReadOnlyInline):
    """What went back, at the payment's own rate."""

    model = FxRefund
    fields = ("created_at", "request_no", "amount_minor", "returned_minor", "journal_id")
    readonly_fields = fields


@display(description="rate", ordering="rate_micro")
def _rate(admin: object, row: FxQuote | FxValuation) -> str:
    """Yuan for one major unit, six decimals."""
    return rate_text(row.rate_micro)


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

    rate = _rate


@admin.register(FxValuation)
class FxValuationAdmin(panel.ReadOnly):
    """What the platform owed in each currency at each day's end, and what that gained or lost."""

    list_display = ("day", "currency", "open_amount", "taken", "rate", "gain", "change")
    list_filter = ("currency", ("due_at", admin.EmptyFieldListFilter))
    date_hierarchy = "day"
    fields = (("day", "currency"), ("open_amount", "taken", "rate"), ("gain", "change"),
              ("journal_id", "valued_at", "due_at"))  # fmt: skip
    readonly_fields = ("open_amount", "taken", "rate", "gain", "change")
    open_amount = panel.amount_column("open_minor", "open position")
    taken = panel.amount_column("taken_minor", "taken in", currency="CNY")
    rate = _rate
    gain = panel.amount_column("gain_minor", "gain to date", currency="CNY")
    change = panel.amount_column("change_minor", "change of the day", currency="CNY")
