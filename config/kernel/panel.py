"""What the pages of the operators' panel share.

A slice's `admin.py` builds on these: a table that is looked at and not edited, small
formatters, and the colours of states. What changes something goes through a use case.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from unfold.admin import ModelAdmin, TabularInline

from config.kernel.audit import chain

# Colours of a state's label, as the theme names them.
SUCCESS, WARNING, DANGER, INFO = "success", "warning", "danger", "info"
_GOOD = (
    "PAID APPROVED EXECUTED ACTIVE OPEN SUCCEEDED DELIVERED GREEN FINISHED ACCEPT POSTED "
    "APPROVE MATCHED AUTHORISED CLEARED"
)
_WAITING = (
    "PENDING CREATED SUBMITTED CUT_OFF CALCULATED PAYING PROCESSING RETRYING AMBER YELLOW "
    "AWAITING_APPROVAL AWAITING_CONSENT REQUESTED HELD REVIEW CHALLENGE ASSIGNED "
    "SNOOZED RETIRING DRAFT INIT"
)
_BAD = (
    "FAILED PART_FAILED RETURNED REJECTED REFUSED SUSPENDED REVOKED EXHAUSTED RED FROZEN "
    "LOCKED DECLINE STALE REFUSE DUNNING"
)
STATE_COLOURS: Mapping[str, str] = {
    **dict.fromkeys(_GOOD.split(), SUCCESS),
    **dict.fromkeys(_WAITING.split(), WARNING),
    **dict.fromkeys(_BAD.split(), DANGER),
}


class ReadOnly(ModelAdmin):  # type: ignore[misc]
    """A table that nobody edits here, superusers included: it is looked at and searched."""

    list_fullwidth = True
    show_full_result_count = False
    list_per_page = 50
    actions = None

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_exclude(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Leave a state out that a coloured label beside it shows."""
        hidden = list(super().get_exclude(request, obj) or ())
        return [*hidden, "state"] if "state_label" in self.readonly_fields else hidden


class AuditedReads:
    """Mixed into a page of people's data: opening one row is written down, with who did."""

    audited_action = "panel.read"
    audited_as = ""

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the page and write down who looked."""
        model: type[Model] = self.model  # type: ignore[attr-defined]
        chain.record(
            action=self.audited_action,
            actor=f"operator:{request.user.get_username()}",
            target=f"{self.audited_as or model._meta.model_name}:{object_id}",
            purpose="operators' panel",
        )
        page: HttpResponse = super().change_view(  # type: ignore[misc]
            request, object_id, *args, **kwargs
        )
        return page


class ReadOnlyInline(TabularInline):  # type: ignore[misc]
    """Rows of a part shown inside the page of its whole, not edited."""

    extra = 0
    max_num = 0
    can_delete = False
    show_change_link = False
    per_page = 50
    tab = True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Viewed(ReadOnly):
    """A read-only table whose pages also offer actions to those who may change it.

    The theme hides actions from people without the change permission; here that
    permission means "may ask", while no field of the form can be edited by anyone.
    """

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(ModelAdmin.has_change_permission(self, request, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        names = [field.name for field in self.model._meta.fields]
        return [*names, *super().get_readonly_fields(request, obj)]

    def save_model(
        self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool
    ) -> None:
        """Nothing is saved from this page."""

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show no buttons that would save nothing."""
        hidden = dict.fromkeys(("show_save", "show_save_and_continue"), False)
        page: HttpResponse = super().render_change_form(
            request, {**context, **hidden}, *args, **kwargs
        )
        return page


def money(amount_minor: int | None, currency: str, exponent: int = 2) -> str:
    """Minor units as people read them: 1234567, CNY is "12,345.67 CNY"; "-" for none."""
    if amount_minor is None:
        return "-"
    amount = Decimal(amount_minor).scaleb(-exponent)
    # A non-breaking space: the currency stays beside its figure.
    return f"{amount:,.{exponent}f}\u00a0{currency}"


def table(facts: Mapping[str, object]) -> SafeString:
    """Facts as two columns, every value escaped."""
    if not facts:
        return mark_safe("-")
    rows = format_html_join(
        "",
        '<tr><th class="font-semibold pr-6 py-1 text-left align-top">{}</th>'
        '<td class="py-1 break-all">{}</td></tr>',
        ((label, _text(value)) for label, value in facts.items()),
    )
    return format_html('<table class="text-sm">{}</table>', rows)


def differences(changed: Mapping[str, tuple[object, object]]) -> SafeString:
    """What was and what is, in three columns, every value escaped."""
    if not changed:
        return mark_safe("Nothing has changed since the request was made.")
    rows = format_html_join(
        "",
        '<tr><th class="font-semibold pr-6 py-1 text-left align-top">{}</th>'
        '<td class="pr-6 py-1 break-all"><del>{}</del></td>'
        '<td class="py-1 break-all"><ins>{}</ins></td></tr>',
        ((label, _text(then), _text(now)) for label, (then, now) in changed.items()),
    )
    return format_html('<table class="text-sm">{}</table>', rows)


def _text(value: object) -> str:
    if isinstance(value, str | int):
        return str(value)
    return "-" if value is None else json.dumps(value, ensure_ascii=False, default=str)
