"""The risk desk: decisions to look at, cases to assign and to resolve."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django_htmx.http import HttpResponseClientRedirect
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from config.kernel.errors import SaomaError
from config.kernel.panel import STATE_COLOURS, ReadOnly, ReadOnlyInline, Viewed, money, table
from wallet.risk.models import RiskCase, RiskDecision
from wallet.risk.rules import sentences
from wallet.risk.usecases.assign_case import assign_case
from wallet.risk.usecases.resolve_case import resolve_case
from wallet.risk.values import CaseOutcome, CaseState

CASE_COLOURS = {"OPEN": "danger", "ASSIGNED": "warning", "RESOLVED": "success"}
MAY_WORK = "risk.change_riskcase"


class FindingForm(BaseDialogForm):
    """What an analyst found, and why."""

    outcome = forms.ChoiceField(
        choices=[(o.value, o.value.replace("_", " ").capitalize()) for o in CaseOutcome],
        widget=UnfoldAdminSelectWidget,
    )
    reason = forms.CharField(min_length=10, max_length=500, widget=UnfoldAdminTextareaWidget)


class DecisionInline(ReadOnlyInline):
    """The decisions that a case gathers."""

    model = RiskDecision
    fields = ("decided_at", "decision", "score", "reasons", "amount", "payment_id")
    readonly_fields = fields

    @display(description="Amount")
    def amount(self, decision: RiskDecision) -> str:
        return money(decision.amount_minor, decision.currency)


@admin.register(RiskDecision)
class RiskDecisionAdmin(ReadOnly):
    """Every judgement of a payment, with what was seen and which rules fired."""

    list_display = ("decided_at", "shown_decision", "score", "stage", "amount", "rule_set")
    list_filter = ("decision", "stage", "rule_set")
    search_fields = ("=payment_id", "=payer_id", "=payee_id", "=device_id")
    fields = (
        "payment_id",
        "stage",
        "shown_decision",
        "score",
        "why",
        "seen",
        "rule_set",
        "amount",
        "payer_id",
        "payee_id",
        "device_id",
        "case",
        "decided_at",
    )
    readonly_fields = ("shown_decision", "why", "seen", "amount")

    @display(description="Decision", label=STATE_COLOURS, ordering="decision")
    def shown_decision(self, decision: RiskDecision) -> str:
        return decision.decision

    @display(description="Amount", ordering="amount_minor")
    def amount(self, decision: RiskDecision) -> str:
        return money(decision.amount_minor, decision.currency)

    @display(description="Why")
    def why(self, decision: RiskDecision) -> SafeString:
        told = sentences(decision.rule_set, decision.reasons)
        return table(dict(zip(decision.reasons, told, strict=False)))

    @display(description="Seen")
    def seen(self, decision: RiskDecision) -> SafeString:
        return table(decision.features)


@admin.register(RiskCase)
class RiskCaseAdmin(Viewed):
    """Cases: take one, look, say what it was."""

    list_display = ("summary", "shown_state", "assignee", "outcome", "opened_at")
    list_filter = ("state", "outcome", "assignee")
    search_fields = ("=id", "=payer_id", "=payee_id", "summary")
    inlines = (DecisionInline,)
    actions_detail = ("take", "resolve")

    @display(description="State", label=CASE_COLOURS, ordering="state")
    def shown_state(self, case: RiskCase) -> str:
        return case.state

    def has_work_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Analysts work on cases that are not resolved."""
        if not request.user.has_perm(MAY_WORK):
            return False
        live = RiskCase.objects.exclude(state=CaseState.RESOLVED)
        return object_id is None or live.filter(id=object_id).exists()

    @action(
        description="Take",
        url_path="take",
        permissions=["work"],
        icon="person_add",
        dialog={
            "title": "Take this case",
            "description": "Others see that you are looking at it.",
            "form_class": BaseDialogForm,
            "form_submit_text": "Take",
        },
    )
    def take(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        """Put the operator's own name on the case."""
        name = request.user.get_username()
        return self._done(
            request,
            object_id,
            lambda: assign_case(
                case_id=uuid.UUID(object_id), assignee=name, actor=f"operator:{name}"
            ),
        )

    @action(
        description="Resolve",
        url_path="resolve",
        permissions=["work"],
        icon="task_alt",
        dialog={
            "title": "Resolve this case",
            "description": "Your finding is kept with your name.",
            "form_class": FindingForm,
            "form_submit_text": "Resolve",
        },
    )
    def resolve(self, request: HttpRequest, form: FindingForm, object_id: str) -> HttpResponse:
        """Close the case with the finding of the dialog."""
        return self._done(
            request,
            object_id,
            lambda: resolve_case(
                case_id=uuid.UUID(object_id),
                outcome=CaseOutcome(form.cleaned_data["outcome"]),
                reason=form.cleaned_data["reason"],
                actor=f"operator:{request.user.get_username()}",
            ),
        )

    def _done(self, request: HttpRequest, object_id: str, deed: Any) -> HttpResponse:
        """Do it, tell the operator how it went, and show the case again."""
        try:
            case = deed()
            messages.success(request, f"The case is {case.state.lower()}.")
        except SaomaError as error:
            messages.error(request, str(error))
        address = reverse("admin:risk_riskcase_change", args=[object_id])
        return HttpResponseClientRedirect(address)
