"""Campaigns and coupons in the operators' panel; a campaign is asked for from its list."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from config.kernel import panel
from config.kernel.approvals.forms import ReasonForm
from config.kernel.approvals.pages import ask_form_page, operator_of
from config.kernel.approvals.queries import may_ask
from config.kernel.customer_rows import CustomerRows
from wallet.coupons import queries
from wallet.coupons.models import Campaign, Coupon
from wallet.coupons.tasks import START_CAMPAIGN


def _integer(**kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(min_value=1, widget=UnfoldAdminIntegerFieldWidget, **kwargs)


class CampaignForm(ReasonForm):
    """A campaign's terms. Amounts are in minor units."""

    code = forms.CharField(
        max_length=32,
        widget=UnfoldAdminTextInputWidget(),
        help_text="3 to 32 capitals, digits and hyphens",
    )
    name = forms.CharField(max_length=64, widget=UnfoldAdminTextInputWidget())
    amount_minor = _integer(label="Amount, in fen", help_text="what one coupon pays")
    from_minor = _integer(label="Least price, in fen")
    budget_minor = _integer(label="Budget, in fen", help_text="for all coupons together")
    stacks = forms.BooleanField(
        required=False, widget=UnfoldBooleanWidget, help_text="beside others that stack"
    )
    ends_at = forms.SplitDateTimeField(widget=UnfoldAdminSplitDateTimeWidget())


def _parameters(form: forms.Form) -> dict[str, object]:
    """A filled form as parameters, its moment as text."""
    values = {name: value for name, value in form.cleaned_data.items() if name != "reason"}
    return {**values, "ends_at": values["ends_at"].isoformat()}


@admin.register(Campaign)
class CampaignAdmin(panel.ReadOnly):
    """What the house pays for buyers: terms, budget, what was spent."""

    list_display = (
        "started_at",
        "code",
        "name",
        "pays",
        "least_price",
        "budget",
        "spent",
        "ends_at",
    )
    list_filter = ("stacks", ("ended_at", admin.EmptyFieldListFilter))
    search_fields = ("code", "name")
    search_help_text = "Campaign's code or name"
    date_hierarchy = "started_at"
    fields = (("code", "name", "stacks"), ("pays", "least_price"), ("budget", "spent"),
              ("started_at", "started_by"), ("ends_at", "ended_at"))  # fmt: skip
    readonly_fields = ("pays", "least_price", "budget", "spent")
    actions_list = ("ask",)
    pays = panel.amount_column("amount_minor", "pays")
    least_price = panel.amount_column("from_minor", "from")
    budget = panel.amount_column("budget_minor", "budget")

    def has_ask_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Asking is for the makers of this action."""
        return may_ask(operator_of(request), START_CAMPAIGN)

    @action(description="Ask for a change", permissions=["ask"], icon="how_to_reg")
    def ask(self, request: HttpRequest) -> HttpResponse:
        """Fill in the terms, and ask a second operator for the campaign."""
        return ask_form_page(
            request,
            action=START_CAMPAIGN,
            form=CampaignForm(request.POST or None),
            back=reverse("admin:coupons_campaign_changelist"),
            parameters=_parameters,
        )

    @display(description="spent")
    def spent(self, row: Campaign) -> str:
        return panel.money(queries.paid_minor(row), queries.CURRENCY)


@admin.register(Coupon)
class CouponAdmin(CustomerRows):
    """Who has which coupon, and what it paid for."""

    list_display = ("claimed_at", "campaign", "customer", "amount", "shown_state", "spent_at")
    list_filter = ("state",)
    list_select_related = ("campaign",)
    date_hierarchy = "claimed_at"
    fields = (("campaign", "customer"), ("amount", "returned", "shown_state"),
              ("claimed_at", "spent_at"), "payment_id")  # fmt: skip
    readonly_fields = ("customer", "amount", "returned", "shown_state")
    amount = panel.amount_column("amount_minor", "amount")
    returned = panel.amount_column("returned_minor", "returned")
