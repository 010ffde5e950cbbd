"""Transfers from merchants' balances, and their top-ups, in the operators' panel."""

from django.contrib import admin
from unfold.decorators import display

from config.kernel import panel
from merchants.funds.models import (
    BalanceTopup,
    BatchLine,
    CardAnswer,
    MerchantTransfer,
    Receipt,
    TransferBatch,
)


class CardAnswerInline(panel.ReadOnlyInline):
    """What the bank said, in order."""

    model = CardAnswer
    fields = ("due_at", "given_at", "result", "reason")


class ReceiptInline(panel.ReadOnlyInline):
    """The receipt that the merchant asked for."""

    model = Receipt
    fields = ("number", "created_at", "ready_at")


@admin.register(MerchantTransfer)
class MerchantTransferAdmin(panel.ReadOnly):
    """Transfers: found by number, payee and merchant."""

    list_display = ("created_at", "merchant", "reference", "amount", "state_label", "payee_name")
    list_display_links = ("created_at", "reference")
    list_filter = ("state", "kind", "business_date")
    search_fields = (
        "number",
        "reference",
        "payee_name",
        "merchant__name",
        "merchant__merchant_number",
    )
    search_help_text = "Number, payee's name, or merchant's name or number"
    list_select_related = ("merchant",)
    date_hierarchy = "created_at"
    inlines = (CardAnswerInline, ReceiptInline)
    fieldsets = (
        (None, {"fields": (("merchant", "reference"), ("amount", "state_label"), "reason")}),
        ("To", {"fields": (("kind", "named_by"), ("identity", "payee_name"), "bank")}),
        ("Said", {"fields": (("title", "remark"), ("product", "scene"))}),
        (
            "Numbers",
            {
                "fields": (
                    ("number", "fund_number"),
                    ("created_at", "finished_at"),
                    ("journal_id", "end_journal_id"),
                    "return_journal_id",
                )
            },
        ),
    )
    readonly_fields = ("amount", "state_label")

    @display(description="amount", ordering="amount_minor")
    def amount(self, transfer: MerchantTransfer) -> str:
        return panel.money(transfer.amount_minor, transfer.currency)

    @display(description="state", ordering="state", label=panel.STATE_COLOURS)
    def state_label(self, transfer: MerchantTransfer) -> str:
        return transfer.state


@admin.register(BalanceTopup)
class BalanceTopupAdmin(panel.ReadOnly):
    """Top-ups of merchants' balances."""

    list_display = ("created_at", "merchant", "amount")
    search_fields = ("merchant__name", "merchant__merchant_number")
    search_help_text = "Merchant's name or number"
    list_select_related = ("merchant",)
    date_hierarchy = "created_at"
    fields = ("merchant", "amount", "created_at", "request_key", "journal_id")
    readonly_fields = ("amount",)

    @display(description="amount", ordering="amount_minor")
    def amount(self, topup: BalanceTopup) -> str:
        return panel.money(topup.amount_minor, topup.currency)


class BatchLineInline(panel.ReadOnlyInline):
    """The lines of a batch, in order."""

    model = BatchLine
    fields = ("position", "reference", "identity", "amount_minor", "state", "reason")


@admin.register(TransferBatch)
class TransferBatchAdmin(panel.ReadOnly):
    """Batches of transfers: found by number and merchant."""

    list_display = ("created_at", "merchant", "reference", "count", "amount", "state")
    list_display_links = ("created_at", "reference")
    list_filter = ("state",)
    search_fields = ("number", "reference", "merchant__name", "merchant__merchant_number")
    search_help_text = "Batch number, or merchant's name or number"
    list_select_related = ("merchant",)
    date_hierarchy = "created_at"
    fields = (
        ("merchant", "number", "reference"),
        ("count", "amount", "state"),
        ("created_at", "finished_at"),
    )
    readonly_fields = ("amount",)
    inlines = (BatchLineInline,)

    @display(description="amount", ordering="total_minor")
    def amount(self, row: TransferBatch) -> str:
        return panel.money(row.total_minor, row.currency)
