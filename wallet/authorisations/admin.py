"""The operators' view of authorisations and arrears: looked at and searched, never edited."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget

from config.kernel.approvals.forms import ReasonForm
from config.kernel.approvals.pages import ask_form_page, operator_of
from config.kernel.approvals.queries import may_ask
from config.kernel.panel import STATE_COLOURS, ReadOnly, ReadOnlyInline, money, table
from wallet.accounts.models import WalletUser
from wallet.authorisations import queries
from wallet.authorisations.approvals import DECIDE
from wallet.authorisations.models import Arrears, Authorisation, Operation, TrustDispute
from wallet.payments.admin import journal_table


class OperationInline(ReadOnlyInline):
    """An authorisation's freezes, releases and captures."""

    model = Operation
    fields = ("kind", "status", "request_no", "amount", "parts", "remark", "created_at", "done_at")
    readonly_fields = fields

    @display(description="Amount")
    def amount(self, operation: Operation) -> str:
        return money(operation.amount_minor, operation.authorisation.currency)

    @display(description="Funds + credit")
    def parts(self, operation: Operation) -> str:
        currency = operation.authorisation.currency
        return (
            f"{money(operation.funds_minor, currency)} + {money(operation.credit_minor, currency)}"
        )


@admin.register(Authorisation)
class AuthorisationAdmin(ReadOnly):
    """Authorisations with their operations and journals."""

    list_display = ("number", "shown_status", "asked", "left", "payee_name", "created_at")
    list_filter = ("status", "close_reason")
    search_fields = ("number", "reference", "payee_name", "=id", "=payer_id", "=payee_id")
    inlines = (OperationInline,)
    fieldsets = (
        (None, {"fields": ("number", "id", "shown_status", "title", "asked", "left", "used")}),
        ("Parties", {"fields": ("payer", "trust", "payee_name", "payee_id", "reference")}),
        (
            "Times",
            {
                "fields": (
                    "created_at",
                    "authorised_at",
                    "expires_at",
                    "closed_at",
                    "close_reason",
                )
            },
        ),
        ("Journals of our word", {"fields": ("journals",)}),
        ("What the payee added", {"fields": ("extras",)}),
    )

    @display(description="Status", label=STATE_COLOURS, ordering="status")
    def shown_status(self, row: Authorisation) -> str:
        return row.status

    @display(description="Asked", ordering="amount_minor")
    def asked(self, row: Authorisation) -> str:
        return money(row.amount_minor, row.currency)

    @display(description="Left: held + waived")
    def left(self, row: Authorisation) -> str:
        return f"{money(row.held_minor, row.currency)} + {money(row.waived_minor, row.currency)}"

    @display(description="Captured, released")
    def used(self, row: Authorisation) -> str:
        captured, released = row.captured_minor, row.released_minor
        return f"{money(captured, row.currency)}, {money(released, row.currency)}"

    @display(description="Payer")
    def payer(self, row: Authorisation) -> str:
        if row.payer_id is None:
            return "nobody yet"
        return str(WalletUser.objects.filter(id=row.payer_id).first())

    @display(description="Payment trust")
    def trust(self, row: Authorisation) -> SafeString | str:
        if row.payer_id is None:
            return "–"
        figure = queries.trust_of(row.payer_id)
        parts = {factor.name: f"{factor.count} → {factor.points:+d}" for factor in figure.factors}
        return table({"figure": str(figure.points), **parts})

    @display(description="Journals")
    def journals(self, row: Authorisation) -> SafeString:
        return journal_table(row.number)

    @display(description="Details")
    def extras(self, row: Authorisation) -> SafeString:
        return table(row.details)


@admin.register(Arrears)
class ArrearsAdmin(ReadOnly):
    """Who owes us for which payment."""

    list_display = ("payment_number", "shown_state", "amount", "collected", "debtor", "due_at")
    list_filter = ("state", "late")
    search_fields = ("payment_number", "payee_name", "=payer_id", "=payment_id")
    fields = (
        "payment_number",
        "payee_name",
        "debtor",
        "amount",
        "collected",
        "shown_state",
        "late",
        "reminders",
        "created_at",
        "due_at",
        "cleared_at",
        "journals",
    )
    readonly_fields = ("debtor", "amount", "collected", "shown_state", "journals")

    @display(description="Amount", ordering="amount_minor")
    def amount(self, arrears: Arrears) -> str:
        return money(arrears.amount_minor, arrears.currency)

    @display(description="Collected")
    def collected(self, arrears: Arrears) -> str:
        return money(arrears.collected_minor, arrears.currency)

    @display(description="Debtor")
    def debtor(self, arrears: Arrears) -> str:
        return str(WalletUser.objects.filter(id=arrears.payer_id).first())

    @display(description="Journals")
    def journals(self, arrears: Arrears) -> SafeString:
        return journal_table(arrears.payment_number)


class DecisionForm(ReasonForm):
    """What is to become of a disputed mark, and why."""

    decision = forms.ChoiceField(
        choices=[("uphold", "Take the mark out"), ("dismiss", "Leave the mark")],
        widget=UnfoldAdminSelectWidget,
    )


@admin.register(TrustDispute)
class TrustDisputeAdmin(ReadOnly):
    """Late marks that customers dispute; two operators decide."""

    list_display = ("opened_at", "debtor", "shown_state", "decided_at")
    list_filter = ("state",)
    search_fields = ("arrears__payment_number", "=user_id")
    list_select_related = ("arrears",)
    fields = ("debtor", "arrears", "grounds", "shown_state", "finding", "opened_at", "decided_at")
    readonly_fields = ("debtor", "shown_state")
    actions_detail = ("ask_decision",)

    @display(description="Debtor")
    def debtor(self, dispute: TrustDispute) -> str:
        return str(WalletUser.objects.filter(id=dispute.user_id).first())

    def has_decide_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may ask for a disputed mark to be decided."""
        return may_ask(operator_of(request), DECIDE)

    @action(description="Ask for a decision", url_path="decide", permissions=["decide"],
            icon="gavel")  # fmt: skip
    def ask_decision(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask another operator to take the mark out, or to leave it."""

        def parameters(filled: Any) -> dict[str, object]:
            return {"dispute": object_id, "uphold": filled.cleaned_data["decision"] == "uphold"}

        return ask_form_page(
            request,
            action=DECIDE,
            form=DecisionForm(request.POST or None),
            back=reverse("admin:authorisations_trustdispute_change", args=[object_id]),
            parameters=parameters,
        )
