"""Corrections in the operators' panel: one proposes, another decides."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.decorators import action, display

from config.kernel import panel
from config.kernel.approvals.pages import operator_of, step_page
from config.kernel.approvals.queries import may_ask
from config.kernel.approvals.request import request_approval
from healthcode.appeals.forms import OutcomeForm
from healthcode.appeals.models import Appeal
from healthcode.appeals.tasks import DECIDE, show_appeal, state_of_appeal
from healthcode.appeals.values import WORDS, AppealState
from healthcode.evidence.admin import HealthReads

LABELS = {"open": "warning", "under review": "info", "dismissed": "danger", "granted": "success"}
UNDECIDED = (AppealState.OPEN, AppealState.UNDER_REVIEW)


@admin.register(Appeal)
class AppealAdmin(HealthReads, panel.Viewed):
    """Objections to colours, the most urgent first."""

    list_display = ("subject", "state_label", "filed_at", "due_at", "overdue", "maker", "checker")
    list_filter = ("state", "overdue")
    search_fields = ("=id", "=subject__id")
    list_select_related = ("subject",)
    ordering = ("due_at",)
    actions_detail = ("propose",)

    @display(description="state", ordering="state", label=LABELS)
    def state_label(self, row: Appeal) -> str:
        """The state as a coloured label."""
        return WORDS[row.state]

    def has_propose_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may propose, while there is something to decide."""
        if object_id is None or not may_ask(operator_of(request), DECIDE):
            return False
        return Appeal.objects.filter(id=object_id, state__in=UNDECIDED).exists()

    @action(description="Propose a decision", permissions=["propose"], icon="gavel")
    def propose(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Propose an outcome; a second operator approves or rejects it."""

        def run(form: Any) -> str:
            approval = request_approval(
                action=DECIDE,
                parameters={
                    "appeal": object_id,
                    "outcome": form.cleaned_data["outcome"],
                    "text": form.cleaned_data["text"],
                },
                reason=form.cleaned_data["reason"],
                maker=operator_of(request),
            )
            return reverse("admin:approvals_approvalrequest_change", args=[approval.id])

        return step_page(
            request,
            title="Decide a correction",
            button="Ask for approval",
            form=OutcomeForm(request.POST or None),
            facts={"What is decided": show_appeal, "State now": state_of_appeal},
            parameters={"appeal": object_id},
            back=reverse("admin:health_appeals_appeal_change", args=[object_id]),
            run=run,
        )
