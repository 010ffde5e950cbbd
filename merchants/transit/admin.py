"""Rides paid without network in the operators' panel."""

from typing import cast

from django.contrib import admin
from django.db.models import F, Model, QuerySet
from django.http import HttpRequest

from config.kernel import panel
from config.kernel.customer_rows import CustomerRows
from merchants.transit.models import Ride, Tap, TransitCertificate


@admin.register(Ride)
class RideAdmin(CustomerRows):
    """Fares: from which tap to which, charged or owed."""

    customer_column = "rider_id"
    list_display = ("created_at", "operator", "customer", "fare", "shown_state", "due_at")
    list_filter = ("state", "operator")
    list_select_related = ("operator__merchant", "certificate")
    date_hierarchy = "created_at"
    fields = (
        ("operator", "customer"),
        ("fare", "shown_state", "payment_id"),
        ("entry", "exit"),
        ("created_at", "due_at"),
    )
    readonly_fields = ("customer", "fare", "shown_state")
    fare = panel.amount_column("fare_minor", "fare")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """Rides with whose certificate it was."""
        rows = super().get_queryset(request).annotate(rider_id=F("certificate__user_id"))
        return cast("QuerySet[Model]", rows)


@admin.register(Tap)
class TapAdmin(panel.ReadOnly):
    """What gates saw; a clone or a refusal says why."""

    list_display = ("tapped_at", "gate", "direction", "shown_state", "fault", "uploaded_at")
    list_filter = ("state", "direction")
    search_fields = ("gate__serial", "certificate__id")
    search_help_text = "Gate's serial, or a certificate's id"
    list_select_related = ("gate",)
    date_hierarchy = "tapped_at"
    fields = (
        ("gate", "sequence", "direction"),
        ("shown_state", "fault"),
        ("certificate", "digest"),
        ("tapped_at", "uploaded_at", "due_at"),
    )
    readonly_fields = ("shown_state",)


@admin.register(TransitCertificate)
class TransitCertificateAdmin(CustomerRows):
    """Who may ride without network, until when and up to what."""

    list_display = ("not_before", "not_after", "customer", "cap", "shown_state")
    list_filter = ("state",)
    date_hierarchy = "not_before"
    fields = (("customer", "cap", "shown_state"), ("not_before", "not_after", "revoked_at"))
    readonly_fields = ("customer", "cap", "shown_state")
    cap = panel.amount_column("cap_minor", "cap")
