"""Rule sets in the operators' panel: read, with their tests."""

from typing import Any

from django.contrib import admin
from unfold.decorators import display

from config.kernel import panel
from healthcode.rules.models import RuleSetVersion


@admin.register(RuleSetVersion)
class RuleSetVersionAdmin(panel.ReadOnly):
    """Drafts and published rule sets; published under four eyes and one more."""

    list_display = ("version", "region", "drafted_by", "drafted_at", "valid_from")
    list_filter = ("region",)
    search_fields = ("version",)
    exclude = ("content",)
    readonly_fields = ("rules",)

    @display(description="rules")
    def rules(self, row: Any) -> str:
        """Each rule with its reason and the number of its tests."""
        return panel.table(
            {
                rule["id"]: f"{rule['colour']}: {rule['reason']['en']} ({len(rule['tests'])} tests)"
                for rule in row.content["rules"]
            }
        )
