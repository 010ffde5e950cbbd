"""After the end every door of the health code says so, before anything is asked or written."""

import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from config.http.problems import MEDIA_TYPE, problem, status_of
from healthcode.subjects.programme import ProgrammeEnded, has_ended

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
            ended = ProgrammeEnded()
            status = status_of(ended)
            content = problem(status=status, code=ended.code, detail=ended.message)
            return HttpResponse(json.dumps(content), status=status, content_type=MEDIA_TYPE)
        return self.get_response(request)
