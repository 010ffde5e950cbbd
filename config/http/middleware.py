"""A request's id, and bytes that no field of ours may hold."""

import re
import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from config.http import problems
from config.kernel.logs import request_id

GetResponse = Callable[[HttpRequest], HttpResponseBase]
_SANE_ID = re.compile(r"[A-Za-z0-9_.:-]{8,64}")


class RequestIdMiddleware:
    """Takes the caller's X-Request-Id where it is sane, makes one otherwise.

    The id is in every log line, audit row and problem of the request, and in its answer.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        rid = given if _SANE_ID.fullmatch(given) else secrets.token_hex(12)
        token = request_id.set(rid)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response.headers["X-Request-Id"] = rid
        return response


class NotAllowedMiddleware:
    """Gives Django's empty 405 a body: a page for a browser, a problem for a program."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 405 or getattr(response, "content", None):
            return response
        return problems.not_allowed(request, response.headers.get("Allow", ""))


class BadBytesMiddleware:
    """Refuses NUL in the address or query of an API call: no table can hold it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase | HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if request.path.startswith("/api/") and ("\x00" in request.path or "%00" in query):
            return problems.bad_request(request, ValueError("NUL in the address"))
        return self.get_response(request)
