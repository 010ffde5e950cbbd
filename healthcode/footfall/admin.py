"""Footfall in the operators' panel: what is published, and what it has cost in privacy."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.decorators import display

from config.kernel import panel
from healthcode.footfall.models import Cell, Dataset, PrivacyAccount
from healthcode.footfall.values import DatasetState


class CellInline(panel.ReadOnlyInline):
    """The hour's noisy counts."""

    model = Cell
    fields = ("area", "count")
    readonly_fields = fields
    ordering = ("area",)


@admin.register(Dataset)
class DatasetAdmin(panel.ReadOnly):
    """Hours of the city. Counts are shown to nobody before everybody may see them."""

    list_display = ("hour", "state_label", "epsilon_milli", "sealed_at", "published_at")
    list_filter = ("state",)
    date_hierarchy = "hour"
    readonly_fields = ("state_label",)

    @display(description="state", ordering="state", label=panel.STATE_COLOURS)
    def state_label(self, row: Dataset) -> str:
        """The state as a label."""
        return str(row.state)

    def get_inlines(
        self, request: HttpRequest, obj: Dataset | None
    ) -> list[type[panel.ReadOnlyInline]]:
        """The counts, once they are published."""
        return [CellInline] if obj and obj.state == DatasetState.PUBLISHED else []


@admin.register(PrivacyAccount)
class PrivacyAccountAdmin(panel.ReadOnly):
    """What each day may give away, and has."""

    list_display = ("day", "spent_milli", "limit_milli")
