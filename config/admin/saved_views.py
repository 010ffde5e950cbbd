"""Saved views of the panel's lists: an operator's own filters and order, under a name."""

from collections.abc import Iterable

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.views.main import ALL_VAR, PAGE_VAR, SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from config.admin.list_export import list_page
from config.admin.middleware import model_of
from config.kernel.access.models import SavedView
from config.kernel.approvals.pages import operator_of
from config.kernel.texts import fault

MOST_VIEWS = 20
# Words that were searched for may be somebody's name; a page's number is no view.
NEVER_KEPT = (SEARCH_VAR, PAGE_VAR, ALL_VAR, IS_POPUP_VAR)


class ViewForm(forms.Form):
    """A name for what the list shows now."""

    name = forms.CharField(max_length=64)
    query = forms.CharField(max_length=1000, required=False)

    def clean_name(self) -> str:
        """Whatever can be read.

        Raises:
            ValidationError: it runs backwards, or holds what cannot be seen.
        """
        name: str = self.cleaned_data["name"]
        if fault(name) is not None:
            raise forms.ValidationError("unreadable")
        return name


def views_of(request: HttpRequest, label: str) -> QuerySet[SavedView]:
    """The reader's own views of a list."""
    return SavedView.objects.filter(operator=operator_of(request), list=label)


def for_page(request: HttpRequest) -> dict[str, object]:
    """What templates know: the views of the list that a page of the panel is about."""

    def of_list() -> Iterable[SavedView]:
        match = request.resolver_match
        model = model_of((match and match.url_name) or "")
        return views_of(request, model._meta.label_lower) if model else ()

    return {"saved_views": of_list}


def kept_of(query: str) -> str:
    """What of a list's address is kept: filters and order."""
    parameters = QueryDict(query, mutable=True)
    for name in NEVER_KEPT:
        parameters.pop(name, None)
    return parameters.urlencode()


@require_POST
def save(request: HttpRequest, app_label: str, model_name: str) -> HttpResponse:
    """Keep what the list shows now under a name; the same name again is replaced.

    Raises:
        PermissionDenied: this operator may not look at the list.
    """
    page, model = list_page(app_label, model_name)
    if not page.has_view_permission(request):
        raise PermissionDenied
    label, form = model._meta.label_lower, ViewForm(request.POST)
    address = reverse(f"admin:{app_label}_{model_name}_changelist")
    if not form.is_valid():
        messages.error(request, gettext("Give the view a name of 64 characters at most."))
        return HttpResponseRedirect(address)
    name, query = form.cleaned_data["name"], kept_of(form.cleaned_data["query"])
    others = views_of(request, label).exclude(name=name)
    if others.count() >= MOST_VIEWS:
        messages.error(request, gettext("This list has twenty saved views already."))
    else:
        SavedView.objects.update_or_create(
            operator=operator_of(request), list=label, name=name, defaults={"query": query}
        )
        messages.success(request, gettext("The view is saved."))
    return HttpResponseRedirect(f"{address}?{query}")


@require_POST
def forget(request: HttpRequest, view_id: int) -> HttpResponse:
    """Remove one of one's own views.

    Raises:
        Http404: it is nobody's, or somebody else's.
    """
    view = get_object_or_404(SavedView, pk=view_id, operator=operator_of(request))
    view.delete()
    app_label, model_name = view.list.split(".")
    return HttpResponseRedirect(reverse(f"admin:{app_label}_{model_name}_changelist"))
