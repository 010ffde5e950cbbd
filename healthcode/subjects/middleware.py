"""What every door of the health code says before its view: that the programme has ended, and
that it is not for somebody else where it knows only the caller.
"""

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from config.http.problems import MEDIA_TYPE, problem, status_of
from config.kernel.errors import SaomaError
from healthcode.subjects.programme import ProgrammeEnded, has_ended
from healthcode.subjects.queries import GuardianshipMissing

HEALTH = "/api/v1/health/"
# What anybody may still read: how it was, and what was kept for how long.
STAYS = frozenset({f"{HEALTH}privacy", f"{HEALTH}statistics"})


class ProgrammeMiddleware:
    """Answers 410 for the health code's API once the programme has ended."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path
        if path.startswith(HEALTH) and path not in STAYS and has_ended():
            return _refused(ProgrammeEnded())
        return self.get_response(request)


class NamedSubjectMiddleware:
    """Answers 403 where `?subject_id=` names somebody and the view would not look at it.

    A view that does names its methods as `names_subject`; it finds out whether the caller may
    act for them. A wish for somebody else is never taken for one's own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """The refusal; None where nobody is named, or the view reads whom."""
        if not request.path.startswith(HEALTH) or "subject_id" not in request.GET:
            return None
        reads = getattr(getattr(view, "cls", None), "names_subject", ())
        return None if request.method in reads else _refused(GuardianshipMissing())


def _refused(error: SaomaError) -> HttpResponse:
    status = status_of(error)
    content = problem(status=status, code=error.code, detail=error.message)
    return HttpResponse(json.dumps(content), status=status, content_type=MEDIA_TYPE)
