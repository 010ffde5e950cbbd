"""Split bills and red packets in the operators' panel."""

from django.contrib import admin

from config.kernel import panel
from config.kernel.customer_rows import CustomerRows
from wallet.sharing.models import PacketClaim, RedPacket, SplitBill, SplitShare


class SharesInline(panel.ReadOnlyInline):
    """Who owes which part."""

    model = SplitShare
    fields = ("user_id", "amount_minor", "paid_at")
    readonly_fields = fields


class ClaimsInline(panel.ReadOnlyInline):
    """Who took what."""

    model = PacketClaim
    fields = ("user_id", "amount_minor", "claimed_at")
    readonly_fields = fields


@admin.register(SplitBill)
class SplitBillAdmin(CustomerRows):
    """Bills that one paid and others pay back."""

    customer_column = "requester_id"
    list_display = ("created_at", "customer", "title", "total", "shown_state")
    list_filter = ("state",)
    date_hierarchy = "created_at"
    inlines = (SharesInline,)
    fields = (("customer", "title"), ("total", "shown_state"), "created_at")
    readonly_fields = ("customer", "total", "shown_state")
    total = panel.amount_column("total_minor", "total")


@admin.register(RedPacket)
class RedPacketAdmin(CustomerRows):
    """Red packets: how many shares are taken, and when the rest goes back."""

    customer_column = "sender_id"
    list_display = ("created_at", "customer", "total", "claimed", "shares", "shown_state", "due_at")
    list_filter = ("state",)
    date_hierarchy = "created_at"
    inlines = (ClaimsInline,)
    fields = (("customer", "total"), ("shares", "claimed", "shown_state"), ("created_at", "due_at"))
    readonly_fields = ("customer", "total", "shown_state")
    total = panel.amount_column("total_minor", "total")
