"""Certificates in the operators' panel: read-only, without private keys."""

from django.contrib import admin

from config.kernel import panel
from merchants.certificates.models import Certificate


@admin.register(Certificate)
class CertificateAdmin(panel.ReadOnly):
    """What this installation has issued."""

    list_display = ("sn", "kind", "app", "not_before", "not_after")
    list_filter = ("kind",)
    search_fields = ("sn", "serial", "app__app_number")
    search_help_text = "Serial name or number, or app number"
    list_select_related = ("app",)
    exclude = ("sealed_private_key",)
