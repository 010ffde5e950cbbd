"""Answer panel addresses whose row id is malformed or unknown, instead of failing on them."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import ResolverMatch

from config.kernel.errors import NotFound


class PanelIdsMiddleware:
    """Turns a page's failure over a row that is not there into "not found"."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> None:
        """Shut the theme's pages of a row's history: the audit log is where it is told.

        They tell whether a row is there before they ask who wants to know.

        Raises:
            Http404: always, for these.
        """
        match = request.resolver_match
        if match is None or "admin" not in match.app_names:
            return
        if (match.url_name or "").endswith("_history"):
            raise Http404("the audit log has the history")

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """Answer for a panel page about one row whose id names none.

        Raises:
            Http404: the id is malformed, or no row has it.
        """
        match = request.resolver_match
        if match is None or "admin" not in match.app_names or "object_id" not in match.kwargs:
            return
        if isinstance(error, PermissionDenied | Http404):
            return
        if isinstance(error, ObjectDoesNotExist | NotFound | ValidationError) or not _is_there(
            match
        ):
            raise Http404("there is no such row") from error


def _is_there(match: ResolverMatch) -> bool:
    """Whether the row of a page is there; a page of no known table counts as there."""
    model = model_of(match.url_name or "")
    if model is None:
        return True
    try:
        return model._default_manager.filter(pk=match.kwargs["object_id"]).exists()
    except (ValidationError, ValueError, OverflowError):
        return False


def model_of(url_name: str) -> type[Model] | None:
    """The table that a page of the panel is about; None for a page of no table."""
    tables = {
        f"{model._meta.app_label}_{model._meta.model_name}_": model
        for model in admin.site._registry
    }
    prefixes = [prefix for prefix in tables if url_name.startswith(prefix)]
    return tables[max(prefixes, key=len)] if prefixes else None
