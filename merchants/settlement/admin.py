"""Settlement in the operators' panel: batches with their lines, and the fee rules."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.decorators import action, display

from config.kernel import panel
from config.kernel.approvals.pages import ask_page, operator_of
from config.kernel.approvals.queries import may_ask
from merchants.settlement.models import FeeRule, ReserveHold, SettlementBatch, SettlementLine
from merchants.settlement.usecases.release_batch import RELEASE
from merchants.settlement.values import BatchState


def _amount(name: str, description: str) -> Any:
    """A column that shows `<name>_minor` as people read money."""

    @display(description=description, ordering=f"{name}_minor")
    def shown(self: Any, row: Any) -> str:
        batch = row.batch if isinstance(row, SettlementLine) else row
        return panel.money(getattr(row, f"{name}_minor"), batch.currency)

    return shown


class LineInline(panel.ReadOnlyInline):
    """The batch's lines, in the order of the day."""

    model = SettlementLine
    fields = ("occurred_at", "kind", "number", "reference", "request_no", "amount", "fee", "net")
    readonly_fields = ("amount", "fee", "net")
    ordering = ("occurred_at", "id")
    amount = _amount("amount", "amount")
    fee = _amount("fee", "fee")
    net = _amount("net", "net")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SettlementLine]:
        rows: QuerySet[SettlementLine] = super().get_queryset(request)
        return rows.select_related("batch", "fee_rule")


@admin.register(SettlementBatch)
class SettlementBatchAdmin(panel.ReadOnly):
    """Batches: one merchant's day each, found by merchant, date and state."""

    list_display = (
        "business_date",
        "merchant",
        "state_label",
        "payment_count",
        "gross",
        "fee",
        "net",
        "payable",
    )
    list_display_links = ("business_date", "merchant")
    list_filter = ("state", "business_date", "currency")
    list_filter_submit = False
    search_fields = ("id", "merchant__name", "merchant__merchant_number", "lines__reference")
    search_help_text = "Merchant's name or number, or an order number"
    list_select_related = ("merchant",)
    date_hierarchy = "business_date"
    inlines = (LineInline,)
    actions_detail = ("ask_release",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("merchant", "business_date"),
                    ("state_label", "fee_rule"),
                    ("opens_at", "closes_at"),
                )
            },
        ),
        (
            "What the day came to",
            {
                "fields": (
                    ("gross", "refunded"),
                    ("split", "split_back"),
                    ("fee", "net"),
                    ("payment_count", "refund_count"),
                )
            },
        ),
        (
            "From net to payout",
            {
                "fields": (
                    ("brought", "carried"),
                    ("taken", "covered"),
                    ("receivable", "payable"),
                    ("reserved", "unreserved"),
                    "netted",
                    ("payout_after", "waits_for"),
                    "journal_id",
                ),
                "description": "payable = net + brought - carried + taken + covered - receivable",
            },
        ),
        ("Steps", {"fields": (("cut_off_at", "calculated_at"), "finished_at")}),
    )
    gross = _amount("gross", "gross")
    refunded = _amount("refunded", "refunded")
    split = _amount("split", "split among others")
    split_back = _amount("split_back", "given back by them")
    fee = _amount("fee", "fee")
    net = _amount("net", "net")
    brought = _amount("brought", "brought forward")
    carried = _amount("carried", "carried forward")
    taken = _amount("taken", "taken from elsewhere")
    covered = _amount("covered", "shortfall covered")
    receivable = _amount("receivable", "debt repaid")
    reserved = _amount("reserved", "into the reserve")
    unreserved = _amount("unreserved", "out of the reserve")
    netted = _amount("netted", "taken before it was paid out")
    payable = _amount("payable", "payable")
    readonly_fields = (
        "state_label",
        "gross",
        "refunded",
        "split",
        "split_back",
        "fee",
        "net",
        "brought",
        "carried",
        "taken",
        "covered",
        "receivable",
        "payable",
        "reserved",
        "unreserved",
        "netted",
    )

    @display(description="state", ordering="state", label=panel.STATE_COLOURS)
    def state_label(self, batch: SettlementBatch) -> str:
        return batch.state

    def has_ask_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether asking for release is offered: to its makers, while the batch waits."""
        if object_id is None or not may_ask(operator_of(request), RELEASE):
            return False
        waiting = SettlementBatch.objects.filter(state=BatchState.AWAITING_APPROVAL)
        return waiting.filter(id=object_id).exists()

    @action(description="Ask for release", permissions=["ask"], icon="how_to_reg")
    def ask_release(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask a second operator to let a large batch go."""
        return ask_page(
            request,
            action=RELEASE,
            parameters={"batch_id": object_id},
            back=reverse("admin:settlement_settlementbatch_change", args=[object_id]),
        )


@admin.register(FeeRule)
class FeeRuleAdmin(panel.ReadOnly):
    """Terms of each merchant, version by version."""

    list_display = ("merchant", "version", "fee_bps", "minimum", "maximum", "created_at")
    search_fields = ("merchant__name", "merchant__merchant_number")
    list_select_related = ("merchant",)

    @display(description="at least")
    def minimum(self, rule: FeeRule) -> str:
        return panel.money(rule.minimum_minor, rule.merchant.currency)

    @display(description="at most")
    def maximum(self, rule: FeeRule) -> str:
        return panel.money(rule.maximum_minor, rule.merchant.currency)


@admin.register(ReserveHold)
class ReserveHoldAdmin(panel.ReadOnly):
    """What stands in the rolling reserve of each merchant, and until when."""

    list_display = ("merchant", "batch", "amount", "due_at", "released_with")
    search_fields = ("merchant__name", "merchant__merchant_number")
    search_help_text = "Merchant's name or number"
    list_select_related = ("merchant", "batch", "released_with")

    @display(description="amount", ordering="amount_minor")
    def amount(self, hold: ReserveHold) -> str:
        return panel.money(hold.amount_minor, hold.currency)
