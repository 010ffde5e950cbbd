"""Evidence in the operators' panel, and what clinicians do with preliminary readings."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget

from config.kernel import panel
from config.kernel.approvals.forms import ReasonForm
from config.kernel.approvals.pages import ask_form_page, operator_of
from config.kernel.approvals.queries import may_ask
from config.kernel.errors import SaomaError
from healthcode.decisions import signoffs
from healthcode.decisions.queries import readings_to_sign
from healthcode.decisions.usecases.sign_off_reading import RESULTS, open_reading
from healthcode.evidence.admin import HealthReads
from healthcode.evidence.models import Evidence


class TaskFilter(admin.SimpleListFilter):
    """What waits for a clinician."""

    title = "task"
    parameter_name = "task"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("sign_off", gettext("To be signed off"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Evidence]) -> QuerySet[Evidence]:
        return queryset.filter(id__in=readings_to_sign()) if self.value() else queryset


class SignOffForm(ReasonForm):
    """What a clinician finds, and why."""

    result = forms.ChoiceField(
        choices=[(result, result) for result in RESULTS], widget=UnfoldAdminSelectWidget
    )


def _waits(reading: Evidence) -> bool:
    try:
        open_reading(reading.id)
    except SaomaError:
        return False
    return True


class EvidenceAdmin(HealthReads, panel.FittingActions, panel.ReadOnly):
    """What is known of subjects. Answers and results are shown to clinicians' desks only."""

    list_display = ("kind", "source", "status", "subject", "observed_at", "recorded_at")
    list_filter = (TaskFilter, "kind", "source", "status")
    search_fields = ("=id", "=subject__id", "source_ref")
    search_help_text = "Id of the evidence or the subject, or the source's reference"
    list_select_related = ("subject",)
    date_hierarchy = "recorded_at"
    exclude = ("payload",)
    readonly_fields = ("contents",)
    actions_detail = ("sign_off",)
    action_fits = {"sign_off": _waits}

    @display(description="contents")
    def contents(self, row: Any) -> str:
        """The kind's own facts."""
        return panel.table(row.payload)

    def has_sign_off_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Clinicians ask; nobody makes a reading final alone."""
        return bool(object_id) and may_ask(operator_of(request), signoffs.SIGN_OFF)

    @action(description="Sign off", permissions=["sign_off"], icon="stethoscope")
    def sign_off(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask a second operator to take a clinician's final result."""
        reading = {"evidence": object_id}
        return ask_form_page(
            request,
            action=signoffs.SIGN_OFF,
            form=SignOffForm(request.POST or None),
            back=reverse("admin:health_evidence_evidence_change", args=[object_id]),
            parameters=lambda form: {**reading, "result": form.cleaned_data["result"]},
            facts={
                "What is asked": lambda _: signoffs.show_reading(reading),
                "State now": lambda _: signoffs.state_of_reading(reading),
                "If it is positive": lambda _: signoffs.foretell_sign_off(
                    {**reading, "result": "positive"}
                ),
                "If it is negative": lambda _: signoffs.foretell_sign_off(
                    {**reading, "result": "negative"}
                ),
            },
        )
