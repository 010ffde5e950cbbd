"""What operators may do about a top-up or withdrawal that waits for the bank."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from config.kernel import clock
from config.kernel.approvals.forms import ReasonForm
from config.kernel.approvals.pages import ask_form_page, operator_of
from config.kernel.approvals.queries import may_ask
from config.kernel.approvals.values import Facts
from wallet.accounts import forced_ends, queries
from wallet.accounts.admin_base import ReasonForm as DialogForm
from wallet.accounts.admin_base import as_uuid, dialog, operator
from wallet.accounts.models import BankInstruction, Topup, Withdrawal
from wallet.accounts.usecases.ask_bank import ask_bank
from wallet.accounts.values import BankKind, BankResult

ASKS_BANK = "accounts.review_withdrawal"


class SilentBankFilter(admin.SimpleListFilter):
    """The queue of what the bank has had for an hour and not answered."""

    title = "bank"
    parameter_name = "bank"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("silent", gettext("Silent for an hour"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "silent":
            return queryset
        kind = BankKind.TOPUP if queryset.model is Topup else BankKind.WITHDRAWAL
        sent = BankInstruction.objects.filter(
            kind=kind, sent_at__lte=clock.now() - forced_ends.PATIENCE
        )
        return queryset.filter(state=forced_ends.WAITING[kind], id__in=sent.values("subject_id"))


class WordForm(ReasonForm):
    """What the bank has said on paper, under which reference."""

    result = forms.ChoiceField(
        choices=[(word.value, word.value) for word in BankResult], widget=UnfoldAdminSelectWidget
    )
    bank_reference = forms.CharField(
        min_length=forced_ends.REFERENCE_CHARACTERS[0],
        max_length=forced_ends.REFERENCE_CHARACTERS[-1],
        widget=UnfoldAdminTextInputWidget,
        help_text="As on the bank's letter or statement.",
    )


def waits_for_bank(row: Topup | Withdrawal) -> bool:
    """Whether a movement is with the bank."""
    return row.state == forced_ends.WAITING[_kind(row)]


class BankLeg:
    """Mixed into the pages of top-ups and withdrawals: ask the bank, end by its word."""

    def has_bank_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may ask the bank; its answer moves what it would have moved by itself."""
        return bool(request.user.has_perm(ASKS_BANK))

    def has_end_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may ask for an end by hand; nobody ends one alone."""
        return may_ask(operator_of(request), forced_ends.FORCE_END)

    @action(
        description="Ask the bank",
        url_path="ask-bank",
        permissions=["bank"],
        icon="help",
        dialog=dialog("Ask the bank", "Its answer counts as if it had come by itself.", "Ask"),
    )
    def ask_the_bank(self, request: HttpRequest, form: DialogForm, object_id: str) -> HttpResponse:
        def deed() -> str:
            disposition = ask_bank(
                instruction_id=self._instruction(object_id).id,
                actor=operator(request),
                reason=form.cleaned_data["reason"],
            )
            if disposition is None:
                return gettext("The bank does not know yet. Nothing has changed.")
            return gettext("The bank has answered: %(word)s.") % {"word": disposition}

        answer: HttpResponse = self.done(request, object_id, deed)  # type: ignore[attr-defined]
        return answer

    @action(
        description="Ask to end it by hand",
        url_path="force-end",
        permissions=["end"],
        icon="gavel",
    )
    def force_end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask a second operator to take the bank's word on paper."""
        opts = self.opts  # type: ignore[attr-defined]
        back = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[object_id])
        try:
            instruction = self._instruction(object_id)
        except queries.ObjectUnknown:
            messages.error(request, gettext("The bank has not been told of this."))
            return HttpResponseRedirect(back)
        parameters: dict[str, object] = {"id": str(instruction.id)}

        def foretold(result: BankResult) -> Facts:
            return forced_ends.foretell_end({**parameters, "result": result.value})

        return ask_form_page(
            request,
            action=forced_ends.FORCE_END,
            form=WordForm(request.POST or None),
            back=back,
            parameters=lambda form: {
                **parameters,
                "result": form.cleaned_data["result"],
                "bank_reference": form.cleaned_data["bank_reference"],
            },
            facts={
                "What is asked": lambda _: forced_ends.show_instruction(parameters),
                "State now": lambda _: forced_ends.state_of_movement(parameters),
                "If the bank has paid": lambda _: foretold(BankResult.SUCCEEDED),
                "If the bank has refused": lambda _: foretold(BankResult.FAILED),
            },
        )

    def _instruction(self, object_id: str) -> BankInstruction:
        """What the bank was told.

        Raises:
            ObjectUnknown: nothing, or there is no such row.
        """
        row = queries.own(
            self.model._default_manager.filter(id=as_uuid(object_id))  # type: ignore[attr-defined]
        )
        instruction = forced_ends.instruction_of(_kind(row), row.id)
        if instruction is None:
            raise queries.ObjectUnknown()
        return instruction


def _kind(row: Topup | Withdrawal) -> BankKind:
    return BankKind.TOPUP if isinstance(row, Topup) else BankKind.WITHDRAWAL
