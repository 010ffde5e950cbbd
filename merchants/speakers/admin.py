"""Speakers and what was spoken to them, in the operators' panel."""

from django.contrib import admin

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
    a_day = panel.amount_column("daily_minor", "most a day")
    spent = panel.amount_column("day_minor", "spent that day")


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
    amount = panel.amount_column("amount_minor", "amount")
