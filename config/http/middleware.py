"""Middleware: request ids, and refusal of bytes that no field may hold."""

import re
import secrets
from collections.abc import Callable, Iterator
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase

from config.http import problems
from config.kernel.logs import request_id

GetResponse = Callable[[HttpRequest], HttpResponseBase]
_SANE_ID = re.compile(r"[A-Za-z0-9_.:-]{8,64}")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f]")
_CONTROL_IN_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTROL_IN_QUERY: Final = re.compile("[\x00-\x1f\x7f]|%(?:0[0-8bBcCeEfF]|1[0-9a-fA-F]|7[fF])")
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
# They read the bytes themselves and answer every request signed.
_GATEWAY: Final = ("/gateway.do", "/v3/")


class RequestIdMiddleware:
    """Takes the caller's X-Request-Id where it is sane, makes one otherwise.

    The id is in every log line, audit row and problem of the request, and in its answer.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        header = request.META.get("HTTP_X_REQUEST_ID", "")
        rid = header if _SANE_ID.fullmatch(header) else secrets.token_hex(12)
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
    """Refuses control characters in paths, queries, headers, cookies and forms of pages.

    No table of ours can hold NUL, and no id, number or name has any of the others: what
    carries them is answered here, before a view or a session is looked up. In an address it
    is 404 on a page and 400 in the API; everywhere else it is 400. JSON bodies are judged by
    `config.kernel.strict_json`, and the gateway answers for itself, in its signed words.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase | HttpResponse:
        if request.path.startswith(_GATEWAY):
            return self.get_response(request)
        if _CONTROL.search(request.path):
            if request.path.startswith("/api/"):
                return problems.bad_request(request, _bad("the address"))
            return problems.not_found(request, Http404())
        if _CONTROL_IN_QUERY.search(request.META.get("QUERY_STRING", "")):
            return problems.bad_request(request, _bad("the query"))
        if any(_CONTROL.search(text) for text in _headers(request)):
            return problems.bad_request(request, _bad("a header"))
        if request.method == "POST" and request.content_type in _FORMS:
            try:
                bad = _bad_form(request)
            except UnreadablePostError:
                return problems.bad_request(request, ValueError("The body did not arrive."))
            if bad:
                return problems.bad_request(request, _bad("a field"))
        return self.get_response(request)


def _headers(request: HttpRequest) -> Iterator[str]:
    """All headers and cookies; a cookie may hide a control behind an octal escape."""
    for name, value in request.META.items():
        if name.startswith("HTTP_") and isinstance(value, str):
            yield value
    yield from request.COOKIES.values()


def _bad_form(request: HttpRequest) -> bool:
    """Whether a form's name or value holds a control that is no line break or tab."""
    return any(
        _CONTROL_IN_TEXT.search(text)
        for name, values in request.POST.lists()
        for text in (name, *values)
        if isinstance(text, str)
    )


def _bad(where: str) -> ValueError:
    return ValueError(f"A control character stands in {where}.")
