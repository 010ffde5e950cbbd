"""Consents in the operators' panel: read-only, and without codes and tokens."""

from django.contrib import admin

from config.kernel import panel
from merchants.consents.models import Certification, Grant


@admin.register(Grant)
class GrantAdmin(panel.ReadOnly):
    """Who allowed which app what."""

    list_display = ("app", "kind", "user_id", "scopes", "granted_at", "revoked_at")
    list_filter = ("kind",)
    search_fields = ("app__app_number", "app__name", "user_id")
    search_help_text = "App number or name, or the person's id"
    list_select_related = ("app", "subject_app")
    exclude = ("open_id",)


@admin.register(Certification)
class CertificationAdmin(panel.ReadOnly):
    """Which app asked about somebody's identity, and whether the answer was yes."""

    list_display = ("created_at", "app", "reference", "kind", "state", "ended_at")
    list_filter = ("state", "kind")
    search_fields = ("app__app_number", "reference", "certify_id")
    search_help_text = "App number, or either number of the question"
    list_select_related = ("app",)
    exclude = ("name", "facts_digest", "identity_digest")
