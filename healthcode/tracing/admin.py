"""Tracing in the operators' panel: asked for here, approved by two in the inbox."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.decorators import action, display

from config.kernel import panel
from config.kernel.approvals.pages import operator_of, step_page
from config.kernel.approvals.queries import may_ask
from config.kernel.approvals.request import request_approval
from healthcode.tracing.forms import ContactsForm, TraceForm
from healthcode.tracing.models import TraceCase, TraceMatch
from healthcode.tracing.tasks import CONFIRM, TRACE


class MatchInline(panel.ReadOnlyInline):
    """Whom the case found, by pseudonym."""

    model = TraceMatch
    fields = ("id", "subject", "venue", "begins_at", "ends_at", "contact")
    readonly_fields = fields
    ordering = ("id",)


@admin.register(TraceCase)
class TraceCaseAdmin(panel.AuditedReads, panel.Viewed):
    """Searches for contacts. Opening one is written down in the audit log."""

    audited_action = "health.read"
    audited_as = "trace"
    audited_purpose = "tracing"
    list_display = ("case_ref", "state_label", "people", "maker", "made_at", "due_at")
    list_filter = ("state",)
    search_fields = ("case_ref",)
    readonly_fields = ("state_label",)
    inlines = (MatchInline,)
    actions_list = ("ask",)
    actions_detail = ("ask_contacts",)

    @display(description="state", ordering="state", label=panel.STATE_COLOURS)
    def state_label(self, row: TraceCase) -> str:
        """The state as a label."""
        return str(row.state)

    def has_ask_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may ask; nobody may trace or confirm alone."""
        return may_ask(operator_of(request), TRACE)

    @action(description="Ask for contacts to be traced", permissions=["ask"], icon="travel_explore")
    def ask(self, request: HttpRequest) -> HttpResponse:
        """Ask two other operators for a search."""
        back = reverse("admin:health_tracing_tracecase_changelist")

        def parameters(form: Any) -> dict[str, object]:
            return dict(form.parameters())

        return self._ask(request, TRACE, TraceForm(request.POST or None), parameters, back)

    @action(description="Ask for close contacts", permissions=["ask"], icon="group_add")
    def ask_contacts(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask two other operators to confirm close contacts among those found."""
        back = reverse("admin:health_tracing_tracecase_change", args=[object_id])

        def parameters(form: Any) -> dict[str, object]:
            return {"case": object_id, "matches": str(form.cleaned_data["matches"]).split()}

        return self._ask(request, CONFIRM, ContactsForm(request.POST or None), parameters, back)

    def _ask(
        self, request: HttpRequest, name: str, form: Any, parameters: Any, back: str
    ) -> HttpResponse:
        def run(filled: Any) -> str:
            approval = request_approval(
                action=name,
                parameters=parameters(filled),
                reason=filled.cleaned_data["reason"],
                maker=operator_of(request),
            )
            return reverse("admin:approvals_approvalrequest_change", args=[approval.id])

        return step_page(
            request,
            title="Trace contacts" if name == TRACE else "Confirm close contacts",
            button="Ask for two approvals",
            form=form,
            facts={},
            parameters={},
            back=back,
            run=run,
        )
