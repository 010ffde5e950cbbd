"""Settlement terms in the operators' panel: each table's page asks for its change."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from config.kernel import panel
from config.kernel.actors import operator_actor
from config.kernel.approvals.forms import ReasonForm
from config.kernel.approvals.pages import ask_form_page, ask_page, operator_of, step_page
from config.kernel.approvals.queries import may_ask
from merchants.onboarding.models import Merchant
from merchants.terms import queries, tasks
from merchants.terms.models import (
    BankAccountChange,
    CalendarDay,
    MethodFee,
    PayoutHold,
    PayoutTermsVersion,
)
from merchants.terms.rules import METHODS
from merchants.terms.usecases.change_bank_account import cancel_change
from merchants.terms.usecases.hold_payouts import hold_payouts
from merchants.terms.values import Schedule


def _integer(**kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(min_value=0, widget=UnfoldAdminIntegerFieldWidget, **kwargs)


def _text(**kwargs: Any) -> forms.CharField:
    return forms.CharField(widget=UnfoldAdminTextInputWidget(), **kwargs)


class MerchantForm(ReasonForm):
    """Whose terms: the sixteen digits of the merchant's number."""

    merchant = _text(max_length=16, help_text="The merchant's number, 16 digits")

    def clean_merchant(self) -> str:
        """The merchant's id, for its number."""
        row = Merchant.objects.filter(merchant_number=self.cleaned_data["merchant"]).first()
        if row is None:
            raise forms.ValidationError("No merchant has this number.")
        return str(row.id)


class PayoutTermsForm(MerchantForm):
    """Payout terms from a business date on. Amounts are in minor units."""

    valid_from = forms.DateField(widget=UnfoldAdminSingleDateWidget())
    delay_days = _integer(initial=0, help_text="T+N, in working days")
    calendar = _text(max_length=2, required=False, help_text="CN, FR, …; empty: every day")
    schedule = forms.ChoiceField(
        choices=[(entry.value, entry.value) for entry in Schedule], widget=UnfoldAdminSelectWidget
    )
    schedule_day = _integer(required=False, help_text="1 (Monday) to 7, or 1 to 28 of a month")
    minimum_minor = _integer(initial=0)
    reserve_bps = _integer(initial=0)
    reserve_days = _integer(initial=0)


class FeeForm(MerchantForm):
    """A fee for one method, or all of them, from a business date on."""

    method = forms.ChoiceField(
        required=False,
        choices=[(name, name or "all methods") for name in sorted(METHODS)],
        widget=UnfoldAdminSelectWidget,
    )
    valid_from = forms.DateField(widget=UnfoldAdminSingleDateWidget())
    fee_bps = _integer()
    fixed_minor = _integer(initial=0)
    minimum_minor = _integer(initial=0)
    maximum_minor = _integer(required=False)
    kept_on_refund = forms.BooleanField(required=False, widget=UnfoldBooleanWidget)


class BankAccountForm(MerchantForm):
    """Where payouts are to go after the cooling period."""

    bank = _text(max_length=64)
    account = _text(max_length=34)
    holder = _text(max_length=64)


class CalendarDayForm(ReasonForm):
    """One day of a calendar."""

    calendar = _text(max_length=2)
    day = forms.DateField(widget=UnfoldAdminSingleDateWidget())
    is_working = forms.BooleanField(required=False, widget=UnfoldBooleanWidget)


def _parameters(form: forms.Form) -> dict[str, object]:
    """A filled form as parameters: dates as text, the merchant under its id."""
    values = {name: value for name, value in form.cleaned_data.items() if name != "reason"}
    if "merchant" in values:
        values["merchant_id"] = values.pop("merchant")
    for name in ("valid_from", "day"):
        if name in values:
            values[name] = values[name].isoformat()
    return values


class _Asking(panel.ReadOnly):
    """A table that is changed by asking for an approval from its list."""

    actions_list = ("ask",)
    asks: str
    form_class: type[ReasonForm]

    def has_ask_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Asking is for the makers of this action."""
        return may_ask(operator_of(request), self.asks)

    @action(description="Ask for a change", permissions=["ask"], icon="how_to_reg")
    def ask(self, request: HttpRequest) -> HttpResponse:
        """Fill in what is to hold, and ask a second operator for it."""
        return ask_form_page(
            request,
            action=self.asks,
            form=self.form_class(request.POST or None),
            back=reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"),
            parameters=_parameters,
        )


@admin.register(PayoutTermsVersion)
class PayoutTermsAdmin(_Asking):
    """Payout terms of each merchant, the latest first."""

    asks, form_class = tasks.SET_PAYOUT_TERMS, PayoutTermsForm
    list_display = (
        "merchant",
        "valid_from",
        "version",
        "delay_days",
        "calendar",
        "schedule",
        "schedule_day",
        "reserve_bps",
    )
    list_filter = ("schedule", "calendar")
    search_fields = ("merchant__name", "merchant__merchant_number")
    search_help_text = "Merchant's name or number"
    list_select_related = ("merchant",)


@admin.register(MethodFee)
class MethodFeeAdmin(_Asking):
    """Fees by method and date."""

    asks, form_class = tasks.SET_FEE, FeeForm
    list_display = (
        "merchant",
        "method",
        "valid_from",
        "fee_bps",
        "fixed_minor",
        "minimum_minor",
        "maximum_minor",
        "kept_on_refund",
    )
    list_filter = ("method",)
    search_fields = ("merchant__name", "merchant__merchant_number")
    search_help_text = "Merchant's name or number"
    list_select_related = ("merchant",)


@admin.register(CalendarDay)
class CalendarDayAdmin(_Asking):
    """Days on which the house knows better than the libraries."""

    asks, form_class = tasks.SET_CALENDAR_DAY, CalendarDayForm
    list_display = ("day", "calendar", "is_working", "decided_by")
    list_filter = ("calendar", "is_working")


@admin.register(BankAccountChange)
class BankAccountChangeAdmin(_Asking):
    """Changes of bank accounts, those in their cooling period among them."""

    asks, form_class = tasks.CHANGE_BANK_ACCOUNT, BankAccountForm
    actions_detail = ("cancel",)
    list_display = (
        "merchant",
        "bank",
        "account",
        "created_at",
        "takes_effect_at",
        "applied_at",
        "cancelled_at",
    )
    search_fields = ("merchant__name", "merchant__merchant_number")
    search_help_text = "Merchant's name or number"
    list_select_related = ("merchant",)

    def has_cancel_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whoever may ask for a change may drop one that waits."""
        if object_id is None or not may_ask(operator_of(request), self.asks):
            return False
        return queries.waiting_changes().filter(id=object_id).exists()

    @action(description="Cancel the change", permissions=["cancel"], icon="undo")
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Keep the old account; one operator may, because it is the safe side."""
        change = BankAccountChange.objects.get(id=object_id)
        back = reverse("admin:terms_bankaccountchange_change", args=[object_id])

        def run(form: Any) -> str:
            operator = operator_of(request)
            cancel_change(
                merchant_id=change.merchant_id, actor=operator_actor(operator.get_username())
            )
            return back

        return step_page(
            request,
            title="Cancel the change of the bank account",
            button="Cancel the change",
            form=ReasonForm(request.POST or None),
            facts={"The merchant": tasks.terms_state},
            parameters={"merchant_id": str(change.merchant_id)},
            back=back,
            run=run,
        )


@admin.register(PayoutHold)
class PayoutHoldAdmin(panel.ReadOnly):
    """Holds on payouts: one operator or a risk case places one, two operators lift it."""

    actions_list = ("place",)
    actions_detail = ("ask_lift", "ask_release")
    list_display = ("merchant", "reason", "placed_by", "placed_at", "lifted_by", "lifted_at")
    readonly_fields = ("case",)
    exclude = ("case_id",)
    list_filter = ("lifted_at",)
    search_fields = ("merchant__name", "merchant__merchant_number")
    search_help_text = "Merchant's name or number"
    list_select_related = ("merchant",)

    def has_place_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """A hold is placed by those who have the right."""
        return request.user.has_perm("terms.place_payouthold")

    @display(description="Case")
    def case(self, row: PayoutHold) -> SafeString | str:
        if row.case_id is None:
            return "-"
        address = reverse("admin:risk_riskcase_change", args=[row.case_id])
        return format_html('<a class="{}" href="{}">{}</a>', panel.LINK, address, row.reason)

    def has_lift_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Lifting is asked for by makers, while an operator's hold stands."""
        return _may_lift(request, tasks.LIFT_HOLD, object_id, case_id__isnull=True)

    def has_release_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """A risk case's hold is released on the word of those who work on risk."""
        return _may_lift(request, tasks.RELEASE_PAYOUTS, object_id, case_id__isnull=False)

    @action(description="Hold a merchant's payouts", permissions=["place"], icon="front_hand")
    def place(self, request: HttpRequest) -> HttpResponse:
        """Stop what is not with the bank yet, at once."""
        back = reverse("admin:terms_payouthold_changelist")

        def run(form: Any) -> str:
            hold_payouts(
                merchant_id=form.cleaned_data["merchant"],
                reason=form.cleaned_data["reason"],
                actor=operator_actor(operator_of(request).get_username()),
            )
            messages.success(request, "The payouts are on hold.")
            return back

        return step_page(
            request,
            title="Hold a merchant's payouts",
            button="Hold",
            form=MerchantForm(request.POST or None),
            facts={},
            parameters={},
            back=back,
            run=run,
        )

    @action(description="Ask to lift the hold", permissions=["lift"], icon="how_to_reg")
    def ask_lift(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask a second operator to let the payouts go."""
        hold = PayoutHold.objects.get(id=object_id)
        return ask_form_page(
            request,
            action=tasks.LIFT_HOLD,
            form=ReasonForm(request.POST or None),
            back=reverse("admin:terms_payouthold_change", args=[object_id]),
            parameters=lambda _: {"merchant_id": str(hold.merchant_id)},
        )

    @action(description="Ask for release", url_path="release", permissions=["release"],
            icon="lock_open")  # fmt: skip
    def ask_release(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask another operator to let go what a risk case holds."""
        return ask_page(
            request,
            action=tasks.RELEASE_PAYOUTS,
            parameters={"hold": object_id},
            back=reverse("admin:terms_payouthold_change", args=[object_id]),
        )


def _may_lift(request: HttpRequest, name: str, object_id: str | None, **which: bool) -> bool:
    if object_id is None or not may_ask(operator_of(request), name):
        return False
    return queries.live_holds().filter(id=object_id, **which).exists()
