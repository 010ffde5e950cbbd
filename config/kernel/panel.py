"""What the pages of the operators' panel share.

A slice's `admin.py` builds on these: a table that is looked at and not edited, small
formatters, and the colours of states. What changes something goes through a use case.
"""

import functools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from http import HTTPStatus
from typing import Any, Final, ParamSpec

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from config.kernel import composed
from config.kernel.actors import operator_actor
from config.kernel.approvals.values import Link
from config.kernel.audit import chain
from config.kernel.words import in_words

P = ParamSpec("P")
# Colours of a state's label, as the theme names them.
SUCCESS, WARNING, DANGER, INFO = "success", "warning", "danger", "info"
_GOOD = (
    "PAID APPROVED EXECUTED ACTIVE OPEN SUCCEEDED DELIVERED GREEN FINISHED ACCEPT POSTED "
    "MATCHED AUTHORISED CLEARED COMPLETED CREDITED"
)
_WAITING = (
    "PENDING CREATED SUBMITTED CUT_OFF CALCULATED PAYING PROCESSING RETRYING AMBER YELLOW "
    "AWAITING_APPROVAL AWAITING_CONSENT REQUESTED HELD REVIEW CHALLENGE DELAY ASSIGNED "
    "SNOOZED RETIRING DRAFT INIT SENT RECEIVED"
)
_BAD = (
    "FAILED PART_FAILED RETURNED REJECTED REFUSED SUSPENDED REVOKED EXHAUSTED RED FROZEN "
    "LOCKED REJECT STALE REFUSE DUNNING"
)
_LONGEST_WORD: Final = 24
LISTED_MAX: Final = 10_000
# How a link in a row's page looks.
LINK: Final = "text-primary-600 underline dark:text-primary-500"
STATE_COLOURS: Mapping[str, str] = {
    **dict.fromkeys(_GOOD.split(), SUCCESS),
    **dict.fromkeys(_WAITING.split(), WARNING),
    **dict.fromkeys(_BAD.split(), DANGER),
}


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Pages through the first LISTED_MAX rows: counting all would read all of a large table."""

    template_name = "console/pagination.html"

    @cached_property
    def count(self) -> int:
        """How many rows there are, LISTED_MAX where there are as many or more."""
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows[:LISTED_MAX].count()

    @property
    def is_bounded(self) -> bool:
        """Whether there may be more rows than the pages hold."""
        return self.count == LISTED_MAX


class NobodyEdits:
    """Mixed into rows to look at: nobody adds, edits or deletes them here, superusers included."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnly(NobodyEdits, ModelAdmin):  # type: ignore[misc]
    """A table that is looked at and searched."""

    list_fullwidth = True
    show_full_result_count = False
    paginator = BoundedPaginator
    list_per_page = 50
    actions = None

    def get_exclude(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Leave a state out that a coloured label beside it shows."""
        hidden = list(super().get_exclude(request, obj) or ())
        return [*hidden, "state"] if "state_label" in self.readonly_fields else hidden

    @display(  # type: ignore[untyped-decorator]
        description="state", label=STATE_COLOURS, ordering="state"
    )
    def shown_state(self, row: Any) -> str:
        """The row's state with its colour."""
        state: str = row.state
        return state


def audited_name(model: type[Model], object_id: str) -> str:
    """By what the audit log knows a row: its key, or what `audited_by` of its model names.

    The log is kept for ever: a table of people who may be forgotten names another column.
    """
    path = getattr(model, "audited_by", "")
    if not path:
        return object_id
    try:
        value = model._default_manager.filter(pk=object_id).values_list(path, flat=True).first()
    except ValidationError:
        return ""
    return str(value or "")


class AuditedReads:
    """Mixed into a page of people's data: opening one row is written down, with who did.

    A look that was refused, or at what is not there, leaves no row: nothing was seen.
    """

    audited_action = "panel.read"
    audited_as = ""
    audited_purpose = "operators' panel"

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the page and write down who looked."""
        model: type[Model] = self.model  # type: ignore[attr-defined]
        name = audited_name(model, object_id)
        page: HttpResponse = super().change_view(  # type: ignore[misc]
            request, object_id, *args, **kwargs
        )
        if page.status_code == HTTPStatus.OK:
            chain.record(
                action=self.audited_action,
                actor=operator_actor(request.user.get_username()),
                target=f"{self.audited_as or model._meta.model_name}:{name}",
                purpose=self.audited_purpose,
            )
        return page


def post_only(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Refuse every other method: a deed behind a link is done by whoever plants the link.

    Decorate a page's action below `@action`; name it in `post_only_actions` and offer a page
    that posts to it.
    """

    @functools.wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request = next(value for value in args if isinstance(value, HttpRequest))
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return view(*args, **kwargs)

    return wrapper


class PostOnlyActions:
    """Mixed into a page some of whose actions are posted to and never linked."""

    post_only_actions: tuple[str, ...] = ()

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """The row's actions that have a button."""
        offered = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        return [entry for entry in offered if entry.path not in self.post_only_actions]

    def get_actions_list(self, request: HttpRequest) -> list[Any]:
        """The table's actions that have a button."""
        offered = super().get_actions_list(request)  # type: ignore[misc]
        return [entry for entry in offered if entry.path not in self.post_only_actions]


class FittingActions:
    """Mixed into a page whose actions fit some states of its row: the others have no button.

    A page that was open while the state changed still posts; the use case answers it.
    `action_fits` tells by an action's name whether it fits a row.
    """

    action_fits: Mapping[str, Callable[[Any], bool]] = {}

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """The row's actions that make sense for it now."""
        offered = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        model: type[Model] = self.model  # type: ignore[attr-defined]
        row = model._default_manager.filter(pk=object_id).first()
        if row is None:
            return list(offered)
        # By its name: an address may be spelled otherwise.
        before = f"{model._meta.app_label}_{model._meta.model_name}_"
        names = [entry.action_name.removeprefix(before) for entry in offered]
        return [entry for entry, name in zip(offered, names, strict=True) if self._fits(name, row)]

    def _fits(self, name: str, row: Any) -> bool:
        return name not in self.action_fits or self.action_fits[name](row)


class ReadOnlyInline(NobodyEdits, TabularInline):  # type: ignore[misc]
    """Rows of a part shown inside the page of its whole, not edited."""

    extra = 0
    max_num = 0
    can_delete = False
    show_change_link = False
    # The theme's line above a row says once more what the row says.
    hide_title = True
    per_page = 50
    tab = True


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


def amount_column(column: str, title: str, *, currency: str = "") -> Callable[[Any, Any], str]:
    """A list's column of minor units, in the row's currency or the one that is named."""

    @admin.display(description=title, ordering=column)
    def shown(_: object, row: Any) -> str:
        return money(getattr(row, column), currency or getattr(row, "currency", "CNY"))

    return shown


def table(facts: Mapping[str, object], request: HttpRequest | None = None) -> SafeString:
    """Facts as two columns, every value escaped; links for a reader who may follow them."""
    if not facts:
        return mark_safe("-")
    rows = format_html_join(
        "",
        '<tr><th class="font-semibold pr-6 py-1 text-left align-top">{}</th>'
        '<td class="py-1 {}">{}</td></tr>',
        (
            (in_words(label), _breaking(value), _cell(value, request))
            for label, value in facts.items()
        ),
    )
    return format_html('<table class="text-sm">{}</table>', rows)


def _breaking(value: object) -> str:
    """How a value may be broken: one that is a single long word anywhere, as a phone is narrow."""
    text = value.text if isinstance(value, Link) else str(value)
    longest = max((len(word) for word in text.split()), default=0)
    return "break-all" if longest > _LONGEST_WORD else "break-words"


def grid(
    heads: Sequence[str], rows: Iterable[Sequence[object]], request: HttpRequest | None = None
) -> SafeString:
    """Rows below a line of heads, every value escaped; links as in `table`."""
    line = format_html_join(
        "",
        '<th class="font-semibold pr-6 py-1 text-left">{}</th>',
        ((in_words(head),) for head in heads),
    )
    lines = [
        format_html_join(
            "",
            '<td class="pr-6 py-1 align-top break-words">{}</td>',
            ((_cell(value, request),) for value in row),
        )
        for row in rows
    ]
    if not lines:
        return mark_safe("-")
    body = format_html_join("", "<tr>{}</tr>", ((cells,) for cells in lines))
    # Wider than a phone it is rolled by itself, and the page stays as wide as the window.
    return format_html(
        '<div class="console-grid"><div><table class="text-sm"><tr>{}</tr>{}</table></div></div>',
        line,
        body,
    )


def _cell(value: object, request: HttpRequest | None) -> str:
    if isinstance(value, Link):
        return link(value, request)
    if isinstance(value, list) and value and all(isinstance(row, str | Link) for row in value):
        return format_html_join(mark_safe("<br>"), "{}", ((_cell(row, request),) for row in value))
    return _text(value)


def link(link: Link, request: HttpRequest | None) -> str:
    """A name that leads to a row's page, for a reader who may open it."""
    model = apps.get_model(link.model)
    # Only what is put together is translated: a name that a catalogue happens to have is a name.
    text = in_words(link.text) if composed.parts_of(link.text) else link.text
    if request is None or not admin.site.is_registered(model):
        return text
    if not admin.site.get_model_admin(model).has_view_permission(request):
        return text
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
    return format_html('<a class="{}" href="{}">{}</a>', LINK, reverse(name, args=[link.pk]), text)


def differences(changed: Mapping[str, tuple[object, object]]) -> SafeString:
    """What was and what is, in three columns, every value escaped."""
    if not changed:
        return format_html("{}", gettext("Nothing has changed since the request was made."))
    rows = format_html_join(
        "",
        '<tr><th class="font-semibold pr-6 py-1 text-left align-top">{}</th>'
        '<td class="pr-6 py-1 break-all"><del>{}</del></td>'
        '<td class="py-1 break-all"><ins>{}</ins></td></tr>',
        ((in_words(label), _text(then), _text(now)) for label, (then, now) in changed.items()),
    )
    return format_html('<table class="text-sm">{}</table>', rows)


def _text(value: object) -> str:
    if isinstance(value, str):
        return in_words(value)
    if isinstance(value, bool):
        return in_words("yes" if value else "no")
    if isinstance(value, int):
        return str(value)
    return "-" if value is None else json.dumps(value, ensure_ascii=False, default=str)
