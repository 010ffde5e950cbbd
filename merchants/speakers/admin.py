"""Speakers and what was spoken to them, in the operators' panel."""

from django.contrib import admin
from unfold.decorators import display

from config.kernel import panel
from config.kernel.customer_rows import CustomerRows
from merchants.speakers.models import Speaker, VoiceOrder


@admin.register(Speaker)
class SpeakerAdmin(CustomerRows):
    """Devices that their owners bound to an agreement, with the most they may spend a day."""

    list_display = ("bound_at", "serial", "customer", "a_day", "spent", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    date_hierarchy = "bound_at"
    fields = (("serial", "customer"), ("a_day", "spent", "day"), "agreement_id",
              ("bound_at", "revoked_at"))  # fmt: skip
    readonly_fields = ("customer", "a_day", "spent")

    @display(description="most a day", ordering="daily_minor")
    def a_day(self, row: Speaker) -> str:
        return panel.money(row.daily_minor, "CNY")

    @display(description="spent that day", ordering="day_minor")
    def spent(self, row: Speaker) -> str:
        return panel.money(row.day_minor, "CNY")


@admin.register(VoiceOrder)
class VoiceOrderAdmin(panel.ReadOnly):
    """What was spoken, by which way it was confirmed, and why it was refused."""

    list_display = ("spoken_at", "speaker", "subject", "amount", "voice", "way", "refusal")
    list_filter = ("voice", "way")
    search_fields = ("reference", "request_no", "speaker__serial")
    search_help_text = "Order's reference, or a speaker's serial"
    list_select_related = ("speaker",)
    date_hierarchy = "spoken_at"
    fields = (("speaker", "voice", "way"), ("subject", "amount"), ("reference", "request_no"),
              ("refusal", "spoken_at", "expires_at"))  # fmt: skip
    readonly_fields = ("amount",)

    @display(description="amount", ordering="amount_minor")
    def amount(self, row: VoiceOrder) -> str:
        return panel.money(row.amount_minor, row.currency)
