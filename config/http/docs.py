"""The API's documentation: the OpenAPI document, and the page of it.

The page is Swagger's explorer, and below it every problem's own place.

A problem's `type` is an address here (`/api/docs/#problem-…`), so each code has an anchor.
"""

import functools
import re
import threading
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.encoding import force_bytes
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

from config.http.problems import FRAMEWORK_CODES, TITLES, status_of
from config.kernel.errors import SaomaError

# The gateway speaks Alipay's codes, never as problems.
OWN_CODE = re.compile(r"[a-z][a-z0-9_]*")


class ProblemEntry(NamedTuple):
    """One code: its HTTP status and that status's title, a sentence, and when it is met."""

    code: str
    status: int
    title: str
    message: str
    meaning: str


def problem_entries() -> list[ProblemEntry]:
    """Every code that a problem of the API can carry, in alphabetical order."""
    entries: dict[str, ProblemEntry] = {}
    for code, (status, message) in FRAMEWORK_CODES.items():
        entries[code] = ProblemEntry(code, status, TITLES[status], message, "")
    for error in _families(SaomaError):
        code = getattr(error, "code", "")
        if not OWN_CODE.fullmatch(code):
            continue
        status = _status(error)
        meaning = (error.__doc__ or "").partition("\n\n")[0].replace("\n", " ").strip()
        entries[code] = ProblemEntry(
            code, status, TITLES.get(status, ""), error.message or code, meaning
        )
    return sorted(entries.values())


def _families(error: type[SaomaError]) -> Iterator[type[SaomaError]]:
    for child in error.__subclasses__():
        yield child
        yield from _families(child)


def _status(error: type[SaomaError]) -> int:
    """The status of a class; no instance is made, some want facts."""
    return status_of(error.__new__(error))


class SchemaView(SpectacularAPIView):
    """The OpenAPI document, as YAML or JSON, in the reader's language or that of `?lang=`.

    Anybody may ask for it and making it takes seconds, so a process makes each form of it once.
    """

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with the document; a language that there is none of is as if none was named."""
        language = request.GET.get("lang", "")
        if language not in dict(settings.LANGUAGES):
            language = translation.get_language()
        renderer = request.accepted_renderer
        with _making:
            document = _document(renderer.media_type, language)
        charset = f"; charset={renderer.charset}" if renderer.charset else ""
        return HttpResponse(
            document,
            content_type=f"{renderer.media_type}{charset}",
            headers={"Content-Disposition": f'inline; filename="Saoma.{renderer.format}"'},
        )


# Who asks while it is made waits for it, instead of making another.
_making = threading.Lock()


@functools.cache
def _document(media_type: str, language: str) -> bytes:
    renderer = next(one for one in SchemaView.renderer_classes if one.media_type == media_type)
    with translation.override(language):
        schema = SchemaView.generator_class().get_schema(public=True)  # type: ignore[no-untyped-call]
        return force_bytes(renderer().render(schema, renderer_context={}))


class DocsView(SpectacularSwaggerSplitView):
    """The explorer, with the list of problems below it."""

    template_name = "saoma/docs.html"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        if response.template_name == self.template_name:
            response.data["problems"] = problem_entries()
        return response
