"""Corrections in the operators' panel: one proposes, another decides."""

from contextvars import ContextVar
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.decorators import action, display

from config.kernel import panel
from config.kernel.approvals.pages import operator_of, step_page
from config.kernel.approvals.queries import may_ask
from config.kernel.approvals.request import request_approval
from config.kernel.words import in_reader_language, in_words
from healthcode.appeals.forms import OutcomeForm
from healthcode.appeals.models import Appeal
from healthcode.appeals.tasks import DECIDE, show_appeal, state_of_appeal
from healthcode.appeals.values import WORDS, AppealState
from healthcode.decisions.cards import reasons_in_words
from healthcode.evidence.admin import HealthReads
from healthcode.evidence.labels import evidence_link
from healthcode.subjects.labels import subject_label, subject_link

_reader: ContextVar[HttpRequest | None] = ContextVar("appeals_reader", default=None)
LABELS = {"open": "warning", "under review": "info", "dismissed": "danger", "granted": "success"}
UNDECIDED = (AppealState.OPEN, AppealState.UNDER_REVIEW)


@admin.register(Appeal)
class AppealAdmin(HealthReads, panel.Viewed):
    """Objections to colours, the most urgent first."""

    list_display = ("whose", "state_label", "filed_at", "due_at", "overdue", "maker", "checker")
    list_filter = ("state", "overdue")
    search_fields = ("=id", "=subject__id")
    list_select_related = ("subject",)
    ordering = ("due_at",)
    fields = (
        "person", "state_label", "grounds", "colour_then", "evidence_disputed", "filed_at",
        "due_at", "overdue", "decided_at", "outcome_text", "maker", "checker",
    )  # fmt: skip
    readonly_fields = ("person", "state_label", "colour_then", "evidence_disputed")
    actions_detail = ("propose",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appeal]:
        """Corrections; their links are for who may follow them."""
        _reader.set(request)
        rows: QuerySet[Appeal] = super().get_queryset(request)
        return rows

    @display(description="person", ordering="subject")
    def whose(self, row: Appeal) -> str:
        """Who objects; in a table the column leads to the appeal."""
        return in_words(subject_label(row.subject))

    @display(description="person")
    def person(self, row: Appeal) -> str:
        """Who objects, as far as a request for approval shows them too."""
        return panel.link(subject_link(row.subject), _reader.get())

    @display(description="colour objected to")
    def colour_then(self, row: Appeal) -> str:
        """The colour when it was filed, and why it was that one."""
        decision = row.decision
        if decision is None:
            return "-"
        reasons = reasons_in_words(decision.reasons, decision.rule_set)
        texts = [in_reader_language(reason["text"]) for reason in reasons]
        return panel.table({decision.colour: texts})

    @display(description="evidence disputed")
    def evidence_disputed(self, row: Appeal) -> str:
        """The piece that the person points at, where there is one."""
        if row.evidence is None:
            return in_words("all behind the colour")
        return panel.link(evidence_link(row.evidence), _reader.get())

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
