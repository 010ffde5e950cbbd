"""Merchants in the operators' panel: look, ask for approval, suspend, close.

Nothing is edited here; what changes something is a use case. Of keys only the public
half is there to be shown: an app's private half was never here, the gateway's is sealed.
"""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from config.kernel import panel
from config.kernel.actors import operator_actor
from config.kernel.approvals.forms import ReasonForm
from config.kernel.approvals.pages import ask_form_page, ask_page, operator_of, step_page
from config.kernel.approvals.queries import may_ask
from config.kernel.approvals.request import request_approval
from merchants.onboarding.models import App, AppKey, GatewayKey, Merchant, Store, Till
from merchants.onboarding.tasks import APPROVE_MERCHANT, merchant_facts
from merchants.onboarding.usecases.close_merchant import close_merchant
from merchants.onboarding.usecases.suspend_merchant import suspend_merchant
from merchants.onboarding.values import MerchantState
from wallet.money import parse_amount

# Registered by the slice that judges it, above this one.
SET_CEILING = "merchants.set_ceiling"
WRITE_OFF = "settlement.write_off"
WAITING = (MerchantState.SUBMITTED, MerchantState.SUSPENDED)
CHANGE = "onboarding.change_merchant"


def _state(description: str = "state") -> Any:
    """A column that shows the state as a coloured label."""

    @display(description=description, ordering="state", label=panel.STATE_COLOURS)
    def shown(self: Any, row: Any) -> str:
        return str(row.state)

    return shown


class StoreInline(panel.ReadOnlyInline):
    """The merchant's stores."""

    model = Store
    fields = ("code", "name", "address", "state")


class TillInline(panel.ReadOnlyInline):
    """Tills of a merchant or a store."""

    model = Till
    fk_name = "merchant"
    fields = ("code", "label", "store", "state")


class AppInline(panel.ReadOnlyInline):
    """The merchant's apps."""

    model = App
    fields = ("app_number", "name", "notify_url", "state")


class KeyInline(panel.ReadOnlyInline):
    """An app's keys, revoked ones too."""

    model = AppKey
    fields = ("fingerprint", "bits", "sign_types", "state", "created_at", "retires_at")


@admin.register(Merchant)
class MerchantAdmin(panel.Viewed):
    """Merchants, with the onboarding queue as the filter on SUBMITTED."""

    list_display = (
        "name",
        "merchant_number",
        "state_label",
        "mcc",
        "city",
        "fee_bps",
        "created_at",
    )
    list_display_links = ("name", "merchant_number")
    list_filter = ("state", "zone", "mcc")
    search_fields = ("name", "short_name", "merchant_number")
    search_help_text = "Name or number"
    inlines = (StoreInline, TillInline, AppInline)
    actions_detail = ("ask_approval", "ask_ceiling", "ask_write_off", "suspend", "close")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("merchant_number", "state_label"),
                    ("name", "short_name"),
                    ("mcc", "city", "country"),
                    "state_reason",
                    "owner_id",
                )
            },
        ),
        (
            "Settlement",
            {
                "fields": (
                    ("zone", "cutoff_hour"),
                    ("currency", "fee_bps", "credit_minor"),
                    ("payout_bank", "payout_holder"),
                    "payout_account",
                )
            },
        ),
        (
            "Ledger accounts",
            {
                "fields": (
                    ("pending_account_id", "payable_account_id"),
                    ("reserve_account_id", "receivable_account_id"),
                )
            },
        ),
        ("Moments", {"fields": (("created_at", "approved_at", "state_changed_at"),)}),
    )
    readonly_fields = ("state_label",)
    state_label = _state()

    def has_ask_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Approval is asked for by makers, while there is something to approve."""
        if object_id is None or not may_ask(operator_of(request), APPROVE_MERCHANT):
            return False
        return Merchant.objects.filter(id=object_id, state__in=WAITING).exists()

    def has_ceiling_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """A ceiling is asked for by makers, for merchants that sell."""
        if object_id is None or not may_ask(operator_of(request), SET_CEILING):
            return False
        return Merchant.objects.filter(id=object_id, state=MerchantState.APPROVED).exists()

    def has_write_off_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """A write-off is asked for by its makers, of merchants that may owe something."""
        if object_id is None or not may_ask(operator_of(request), WRITE_OFF):
            return False
        return Merchant.objects.filter(id=object_id, receivable_account_id__isnull=False).exists()

    def has_suspend_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Only an approved merchant can be suspended."""
        return self._in(request, object_id, MerchantState.APPROVED)

    def has_close_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Every merchant can be closed, once."""
        return self._in(
            request, object_id, *(state for state in MerchantState if state != MerchantState.CLOSED)
        )

    @action(description="Ask for approval", permissions=["ask"], icon="how_to_reg")
    def ask_approval(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask a second operator to approve the merchant, or to lift its suspension."""
        return ask_page(
            request,
            action=APPROVE_MERCHANT,
            parameters={"merchant_id": object_id},
            back=_page(object_id),
        )

    @action(description="Set the credit ceiling", permissions=["ceiling"], icon="credit_score")
    def ask_ceiling(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask a second operator to change how much the merchant may come to owe."""
        return _ceiling_page(request, object_id)

    @action(description="Write a debt off", permissions=["write_off"], icon="money_off")
    def ask_write_off(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask a second operator to make what the merchant owes our loss."""
        return ask_form_page(
            request,
            action=WRITE_OFF,
            form=WriteOffForm(request.POST or None),
            back=_page(object_id),
            parameters=lambda form: {
                "merchant_id": object_id,
                "amount_minor": form.cleaned_data["amount_minor"],
            },
            facts={"The merchant": lambda _: merchant_facts({"merchant_id": object_id})},
        )

    @action(description="Suspend", permissions=["suspend"], icon="block")
    def suspend(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Stop new payments at once; one operator may, because it protects people."""
        return _move_page(request, object_id, "Suspend the merchant", suspend_merchant)

    @action(description="Close for good", permissions=["close"], icon="cancel")
    def close(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """End the merchant for good."""
        return _move_page(request, object_id, "Close the merchant for good", close_merchant)

    def _in(self, request: HttpRequest, object_id: str | None, *states: MerchantState) -> bool:
        if object_id is None or not request.user.has_perm(CHANGE):
            return False
        return Merchant.objects.filter(id=object_id, state__in=states).exists()


@admin.register(Store)
class StoreAdmin(panel.ReadOnly):
    """Stores of all merchants."""

    list_display = ("name", "code", "merchant", "state_label", "created_at")
    list_filter = ("state",)
    search_fields = ("name", "code", "merchant__name", "merchant__merchant_number")
    list_select_related = ("merchant",)
    readonly_fields = ("state_label",)
    state_label = _state()


@admin.register(Till)
class TillAdmin(panel.ReadOnly):
    """Tills of all merchants; the token of a till's code is not shown."""

    list_display = ("code", "label", "store", "merchant", "state_label")
    list_filter = ("state",)
    search_fields = ("code", "label", "merchant__name", "merchant__merchant_number")
    list_select_related = ("merchant", "store")
    exclude = ("token",)
    readonly_fields = ("state_label",)
    state_label = _state()


@admin.register(App)
class AppAdmin(panel.ReadOnly):
    """Apps with their keys."""

    list_display = ("app_number", "name", "merchant", "notify_url", "state_label", "created_at")
    list_filter = ("state",)
    search_fields = ("app_number", "name", "merchant__name", "merchant__merchant_number")
    list_select_related = ("merchant",)
    inlines = (KeyInline,)
    readonly_fields = ("state_label",)
    state_label = _state()


@admin.register(AppKey)
class AppKeyAdmin(panel.ReadOnly):
    """Public keys of apps."""

    list_display = ("fingerprint", "app", "sign_types", "state_label", "created_at", "retires_at")
    list_filter = ("state", "sign_types")
    search_fields = ("fingerprint", "app__app_number", "app__merchant__merchant_number")
    list_select_related = ("app",)
    readonly_fields = ("state_label",)
    state_label = _state()


@admin.register(GatewayKey)
class GatewayKeyAdmin(panel.ReadOnly):
    """The installation's own keys: the public half."""

    list_display = ("fingerprint", "state_label", "created_at")
    fields = ("fingerprint", "public_key", "state_label", "created_at")
    readonly_fields = ("state_label",)
    state_label = _state()


def _page(object_id: str) -> str:
    return reverse("admin:onboarding_merchant_change", args=[object_id])


class WriteOffForm(ReasonForm):
    """How much of a debt is written off, in minor units."""

    amount_minor = forms.IntegerField(min_value=1, widget=UnfoldAdminIntegerFieldWidget)


class CeilingForm(ReasonForm):
    """How much a merchant may come to owe, in its currency; empty for the house's ceiling."""

    ceiling = forms.DecimalField(
        required=False, min_value=0, decimal_places=2, widget=UnfoldAdminTextInputWidget()
    )


def _ceiling_page(request: HttpRequest, object_id: str) -> HttpResponse:
    """Take the amount and the reason, then ask for the approval."""

    def run(form: Any) -> str:
        typed = form.cleaned_data["ceiling"]
        currency = Merchant.objects.values_list("currency", flat=True).get(id=object_id)
        approval_request = request_approval(
            action=SET_CEILING,
            parameters={
                "merchant_id": object_id,
                "ceiling_minor": None if typed is None else parse_amount(typed, currency),
            },
            reason=form.cleaned_data["reason"],
            maker=operator_of(request),
        )
        messages.success(request, "Asked. Another operator has 24 hours to decide.")
        return reverse("admin:approvals_approvalrequest_change", args=[approval_request.id])

    return step_page(
        request,
        title="Set how much the merchant may come to owe",
        button="Ask for approval",
        form=CeilingForm(request.POST or None),
        facts={"The merchant": merchant_facts},
        parameters={"merchant_id": object_id},
        back=_page(object_id),
        run=run,
    )


def _move_page(
    request: HttpRequest, object_id: str, title: str, move: Callable[..., Merchant]
) -> HttpResponse:
    """Ask for the reason, then move the merchant."""

    def run(form: Any) -> str:
        operator = operator_of(request)
        moved = partial(move, merchant_id=UUID(object_id), reason=form.cleaned_data["reason"])
        merchant = moved(actor=operator_actor(operator.get_username()))
        text = gettext("%(name)s is %(state)s.")
        state = gettext(merchant.state.lower())
        messages.success(request, text % {"name": merchant.name, "state": state})
        return _page(object_id)

    return step_page(
        request,
        title=title,
        button=title,
        form=ReasonForm(request.POST or None),
        facts={"The merchant": merchant_facts},
        parameters={"merchant_id": object_id},
        back=_page(object_id),
        run=run,
    )
