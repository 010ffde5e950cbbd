"""Every list of the panel as CSV: the rows and columns that its reader sees, and a row of the
audit log that says who took what away.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters, ModelAdmin
from django.contrib.admin.utils import display_for_value, label_for_field, lookup_field
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import strip_tags
from django.views.decorators.http import require_GET

from config.admin.looks import narrowed_by
from config.kernel.actors import operator_actor
from config.kernel.audit import chain
from config.kernel.csv_export import csv_response

MOST_ROWS = 10_000
# The audit log has an export of its own, whose rows can be proved.
OWN_EXPORT = "audit.auditevent"


@require_GET
def export(request: HttpRequest, app_label: str, model_name: str) -> HttpResponse:
    """Give the rows that a list's filters leave, at most MOST_ROWS, as its columns show them."""
    page, model = list_page(app_label, model_name)
    if model._meta.label_lower == OWN_EXPORT:
        raise Http404("this list has an export of its own")
    if not page.has_view_permission(request):
        raise PermissionDenied
    try:
        rows = page.get_changelist_instance(request).get_queryset(request)
    except IncorrectLookupParameters:
        return HttpResponseRedirect(reverse(f"admin:{app_label}_{model_name}_changelist"))
    columns = [name for name in page.get_list_display(request) if isinstance(name, str)]
    lines = list(_lines(page, columns, rows[:MOST_ROWS]))
    area = "health" if app_label.startswith("health_") else "panel"
    chain.record(
        action=f"{area}.exported",
        actor=operator_actor(request.user.get_username()),
        target=f"list:{model._meta.label_lower}",
        after={"rows": len(lines), "filters": narrowed_by(request.GET)},
    )
    cut = "-first" if len(lines) == MOST_ROWS else ""
    titles = [str(label_for_field(name, model, page)) for name in columns]
    return csv_response(f"{model_name}{cut}.csv", titles, lines)


def list_page(app_label: str, model_name: str) -> tuple[ModelAdmin[Any], type[Model]]:
    """The panel's page of a table, and the table.

    Raises:
        Http404: the panel has no such list.
    """
    try:
        model = apps.get_model(app_label, model_name)
    except LookupError as error:
        raise Http404("there is no such list") from error
    if not admin.site.is_registered(model):
        raise Http404("there is no such list")
    return admin.site.get_model_admin(model), model


def _lines(page: ModelAdmin[Any], columns: list[str], rows: Any) -> Iterator[list[str]]:
    for row in rows:
        yield [_cell(page, name, row) for name in columns]


def _cell(page: ModelAdmin[Any], name: str, row: Model) -> str:
    try:
        field, _, value = lookup_field(name, row, page)
    except ObjectDoesNotExist:
        return ""
    if field is not None and getattr(field, "flatchoices", None):
        return "" if value is None else str(value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return strip_tags(str(display_for_value(value, "", boolean=False)))
