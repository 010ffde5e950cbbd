"""Agreements in the operators' panel: looked at, suspended in a hurry, never edited."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.decorators import action, display

from config.kernel import panel
from config.kernel.actors import operator_actor
from config.kernel.approvals import Facts, Parameters
from config.kernel.approvals.pages import operator_of, step_page
from wallet.accounts.models import WalletUser
from wallet.agreements.models import Agreement, Deduction
from wallet.agreements.usecases.suspend_agreement import suspend_agreement
from wallet.agreements.values import AgreementStatus, Party

COLOURS = {
    **panel.STATE_COLOURS,
    "NORMAL": panel.SUCCESS,
    "TEMP": panel.INFO,
    "SUSPENDED": panel.WARNING,
}


class DeductionInline(panel.ReadOnlyInline):
    """What has been taken under an agreement, and what is to be."""

    model = Deduction
    fields = ("reference", "origin", "status", "amount", "attempts", "due_at", "failure")
    readonly_fields = fields
    ordering = ("-created_at",)

    @display(description="Amount")
    def amount(self, deduction: Deduction) -> str:
        return panel.money(deduction.amount_minor, deduction.currency)


class ReasonForm(forms.Form):
    """Why an operator steps in."""

    reason = forms.CharField(min_length=10, max_length=256)


@admin.register(Agreement)
class AgreementAdmin(panel.Viewed):
    """What payers have consented to, and how far it has been used."""

    list_display = ("number", "shown_status", "payee_name", "caps", "taken", "next_on", "signed_at")
    list_filter = ("status", "period_type", "product", "signed_at")
    search_fields = ("number", "external_no", "payee_name", "=id", "=payer_id", "=payee_id")
    inlines = (DeductionInline,)
    actions_detail = ("suspend",)
    fieldsets = (
        (None, {"fields": ("number", "id", "shown_status", "external_no", "product", "scene")}),
        ("Parties", {"fields": ("payer", "payee_name", "payee_id")}),
        (
            "Terms",
            {
                "fields": (
                    "caps",
                    ("period_type", "period", "first_on"),
                    ("total_payments", "valid_until"),
                    "challenge",
                )
            },
        ),
        ("Taken", {"fields": ("taken", "debits", "last_debit_at", "next_on", "plan")}),
        (
            "Times",
            {
                "fields": (
                    ("created_at", "signed_at", "lapses_at"),
                    ("suspended_at", "ended_at", "ended_by"),
                )
            },
        ),
    )
    readonly_fields = ("shown_status", "payer", "caps", "taken", "plan")

    @display(description="Status", label=COLOURS, ordering="status")
    def shown_status(self, agreement: Agreement) -> str:
        return agreement.status

    @display(description="Payer")
    def payer(self, agreement: Agreement) -> str:
        if agreement.payer_id is None:
            return "nobody yet"
        return str(WalletUser.objects.filter(id=agreement.payer_id).first())

    @display(description="At most")
    def caps(self, agreement: Agreement) -> str:
        single = panel.money(agreement.single_minor, agreement.currency)
        total = panel.money(agreement.total_minor, agreement.currency)
        return f"{single} each, {total} in all"

    @display(description="Taken", ordering="debited_minor")
    def taken(self, agreement: Agreement) -> str:
        return panel.money(agreement.debited_minor, agreement.currency)

    @display(description="Plan")
    def plan(self, agreement: Agreement) -> str:
        return panel.money(agreement.plan_minor, agreement.currency)

    def has_suspend_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether suspending is offered: to its operators, for what is in force."""
        if object_id is None or not request.user.has_perm("agreements.change_agreement"):
            return False
        return Agreement.objects.filter(id=object_id, status=AgreementStatus.NORMAL).exists()

    @action(description="Suspend", permissions=["suspend"], icon="pause_circle")
    def suspend(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Stop an agreement's debits at once; only its payer can resume it."""
        back = reverse("admin:agreements_agreement_change", args=[object_id])
        form = ReasonForm(request.POST or None)

        def run(filled: Any) -> str:
            operator = operator_of(request).get_username()
            suspend_agreement(
                agreement_id=UUID(object_id),
                by=Party.PLATFORM,
                actor=operator_actor(operator),
                reason=filled.cleaned_data["reason"],
            )
            messages.success(request, "No debit is taken until the payer resumes it.")
            return back

        return step_page(
            request,
            title="Suspend the agreement",
            button="Suspend",
            form=form,
            facts={"What is suspended": _facts},
            parameters={"id": object_id},
            back=back,
            run=run,
        )


def _facts(parameters: Parameters) -> Facts:
    agreement = Agreement.objects.get(id=UUID(str(parameters["id"])))
    return {
        "number": agreement.number,
        "payee": agreement.payee_name,
        "taken": panel.money(agreement.debited_minor, agreement.currency),
    }
