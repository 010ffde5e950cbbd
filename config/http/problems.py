"""Failures as RFC 9457 problem documents, for the API and for Django's own pages."""

import logging
import sys
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from rest_framework import exceptions as drf
from rest_framework.response import Response
from rest_framework.views import set_rollback

from config.http.pages import CSRF_REFUSAL, refusal_page, wants_page
from config.kernel import errors
from config.kernel.logs import request_id

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 1
_RETRY = {"Retry-After": str(RETRY_AFTER_S)}
# What a lost, refused or overloaded database raises; a bug in a statement is none of them.
DATABASE_AWAY = (OperationalError, InterfaceError)

# The one place where kinds of failure meet HTTP.
STATUS: dict[type[errors.SaomaError], int] = {
    errors.InvalidRequest: 400,
    errors.Unauthenticated: 401,
    errors.NotPermitted: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.Refused: 422,
    errors.Locked: 423,
    errors.RateLimited: 429,
    errors.Unavailable: 503,
}
TITLES = {
    400: "Invalid request",
    401: "Not authenticated",
    403: "Not permitted",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Conflict",
    410: "Gone",
    413: "Too large",
    415: "Unsupported media type",
    422: "Refused",
    423: "Locked",
    429: "Too many requests",
    500: "Internal error",
    503: "Try again later",
}

# Codes that come from the framework, not from an error class of ours.
FRAMEWORK_CODES = {
    "invalid_request": (400, "The request is not valid; `errors` names each wrong input."),
    "unknown_field": (400, "The body holds a field that this address does not know."),
    "method_not_allowed": (405, "This address does not take this method."),
    "not_acceptable": (406, "The answer cannot be given in a type that `Accept` names."),
    "unsupported_media_type": (415, "The body's media type is not supported."),
    "database_unavailable": (503, "The database cannot be asked now; try again in a moment."),
    "internal_error": (500, "This is our fault; it was logged under `request_id`."),
}


def status_of(error: errors.SaomaError) -> int:
    """The HTTP status of an anticipated failure: that of its nearest family."""
    for family in type(error).__mro__:
        if family in STATUS:
            return STATUS[family]
    return 500


def problem(
    *,
    status: int,
    code: str,
    detail: str,
    field: str | None = None,
    fields: Mapping[str, object] | None = None,
    failures: list[dict[str, str]] | None = None,
) -> dict[str, Any]:
    """Build the document.

    Args:
        status: HTTP status.
        code: stable name of the failure.
        detail: a sentence for people.
        field: the one input that is wrong, where there is one.
        fields: facts of the failure.
        failures: one entry a wrong input: {"field", "code", "detail"}.
    """
    document: dict[str, Any] = {
        "type": f"/api/docs/#problem-{code}",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": request_id.get(),
    }
    if field is not None:
        document["field"] = field
    if fields:
        document["facts"] = {name: str(value) for name, value in fields.items()}
    if failures:
        document["errors"] = failures
    return document


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler."""
    if isinstance(error, Http404):
        error = drf.NotFound()
    elif isinstance(error, PermissionDenied):
        error = drf.PermissionDenied()
    if isinstance(error, errors.SaomaError):
        document = _of_saoma(error)
        headers = _headers_of_saoma(error, document["status"])
    elif isinstance(error, drf.APIException):
        document = _of_drf(error)
        headers = _headers_of_drf(error)
    elif isinstance(error, DATABASE_AWAY):
        log.exception("the database cannot be asked", exc_info=error)
        document, headers = _database_away(), _RETRY
    else:
        return None
    set_rollback()
    return Response(document, status=document["status"], headers=headers, content_type=MEDIA_TYPE)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own 400 (a malformed host, a body above the limit)."""
    detail = str(exception) if isinstance(exception, ValueError) else "The request is malformed."
    return _page_or_problem(request, problem(status=400, code="invalid_request", detail=detail))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own 403."""
    return _page_or_problem(
        request, problem(status=403, code="not_permitted", detail=errors.NotPermitted.message)
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's own refusal of a form without its token."""
    if wants_page(request):
        return refusal_page(request, 403, CSRF_REFUSAL)
    return _plain(problem(status=403, code="not_permitted", detail=f"CSRF: {reason}"))


def not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """A method that an address does not know."""
    detail = f"This address takes {allowed}." if allowed else "This address does not take it."
    answer = _page_or_problem(
        request, problem(status=405, code="method_not_allowed", detail=detail)
    )
    if allowed:
        answer.headers["Allow"] = allowed
    return answer


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own 404."""
    detail = "There is nothing at this address."
    return _page_or_problem(request, problem(status=404, code="not_found", detail=detail))


def server_error(request: HttpRequest) -> HttpResponse:
    """Our own bug: logged in full, told in one sentence with the request's id.

    A database that went in the middle is none: 503, and when to try again.
    """
    if isinstance(sys.exc_info()[1], DATABASE_AWAY):
        answer = _page_or_problem(request, _database_away())
        answer.headers["Retry-After"] = _RETRY["Retry-After"]
        return answer
    return _page_or_problem(
        request,
        problem(status=500, code="internal_error", detail="This is our fault; it was logged."),
    )


def _database_away() -> dict[str, Any]:
    status, detail = FRAMEWORK_CODES["database_unavailable"]
    return problem(status=status, code="database_unavailable", detail=detail)


def _page_or_problem(request: HttpRequest, document: dict[str, Any]) -> HttpResponse:
    """Answer a browser that shows pages with one, everybody else with the document."""
    if wants_page(request):
        return refusal_page(request, document["status"])
    return _plain(document)


def _plain(document: dict[str, Any]) -> HttpResponse:
    return JsonResponse(document, status=document["status"], content_type=MEDIA_TYPE)


def _of_saoma(error: errors.SaomaError) -> dict[str, Any]:
    return problem(
        status=status_of(error),
        code=error.code,
        detail=error.message or error.code,
        field=error.field,
        fields=error.fields,
    )


def _headers_of_saoma(error: errors.SaomaError, status: int) -> dict[str, str]:
    if error.code == "request_in_flight" or status in {429, 503}:
        return {"Retry-After": str(error.fields.get("retry_after_s", RETRY_AFTER_S))}
    return {"WWW-Authenticate": "Bearer"} if status == 401 else {}


def _of_drf(error: drf.APIException) -> dict[str, Any]:
    failures = _failures(error)
    first = failures[0]
    code = "invalid_request" if isinstance(error, drf.ValidationError) else first["code"]
    if len(failures) == 1 and first["code"] in {"unknown_field", "amount_precision"}:
        code = first["code"]
    return problem(
        status=error.status_code,
        code=_SPELLING.get(code, code),
        detail=first["detail"],
        field=first.get("field"),
        failures=failures if isinstance(error, drf.ValidationError) else None,
    )


_SPELLING = {
    "parse_error": "invalid_request",
    "authentication_failed": "unauthenticated",
    "not_authenticated": "unauthenticated",
    "permission_denied": "not_permitted",
    "throttled": "rate_limited",
}


def _failures(error: drf.APIException) -> list[dict[str, str]]:
    """Flatten DRF's nested details: one entry a wrong input, its path with dots."""
    flat: list[dict[str, str]] = []
    _walk(error.get_full_details(), "", flat)
    return flat


def _walk(details: Any, path: str, flat: list[dict[str, str]]) -> None:
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        entry = {"code": str(details["code"]), "detail": str(details["message"])}
        if path:
            entry["field"] = path
        flat.append(entry)
    elif isinstance(details, dict):
        for name, inner in details.items():
            _walk(inner, _join(path, str(name)), flat)
    else:
        for inner in details:
            _walk(inner, path, flat)


def _join(path: str, name: str) -> str:
    if name == "non_field_errors":
        return path
    return f"{path}.{name}" if path else name


def _headers_of_drf(error: drf.APIException) -> dict[str, str]:
    headers: dict[str, str] = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(error.auth_header)  # type: ignore[attr-defined]
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait))  # type: ignore[attr-defined]
    return headers
