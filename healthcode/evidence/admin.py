"""Evidence in the operators' panel: looked at, never edited."""

from typing import Any

from django.contrib import admin
from unfold.decorators import display

from config.kernel import panel
from healthcode.evidence.models import Evidence


class HealthReads(panel.AuditedReads):
    """Health data that somebody opened is in the audit log."""

    audited_action = "health.read"


@admin.register(Evidence)
class EvidenceAdmin(HealthReads, panel.ReadOnly):
    """What is known of subjects. Answers and results are shown to clinicians' desks only."""

    list_display = ("kind", "source", "status", "subject", "observed_at", "recorded_at")
    list_filter = ("kind", "source", "status")
    search_fields = ("=id", "=subject__id", "source_ref")
    search_help_text = "Id of the evidence or the subject, or the source's reference"
    list_select_related = ("subject",)
    date_hierarchy = "recorded_at"
    exclude = ("payload",)
    readonly_fields = ("contents",)

    @display(description="contents")
    def contents(self, row: Any) -> str:
        """The kind's own facts."""
        return panel.table(row.payload)
