"""The pages. They are the same for everybody: whose code it is, only the browser knows."""

import json
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from healthcode.appeals.privacy import notice
from healthcode.pages import shell

View = Callable[[HttpRequest], HttpResponseBase]
YEAR_S = 365 * 24 * 3600


def page(name: str) -> View:
    """Make the view of one page; `?lang=` chooses its language, and the choice is kept."""

    @require_safe
    def view(request: HttpRequest) -> HttpResponseBase:
        chosen = request.GET.get("lang", "")
        if chosen not in shell.LANGUAGES:
            return _rendered(request, name)
        with translation.override(chosen):
            answer = _rendered(request, name)
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR_S, samesite="Lax", httponly=False
        )
        return answer

    return view


def _rendered(
    request: HttpRequest, name: str, context: dict[str, object] | None = None
) -> HttpResponse:
    answer = render(request, f"health/{name}.html", context)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@require_safe
def privacy(request: HttpRequest) -> HttpResponseBase:
    """What is kept of people, for how long, and what then: the notice as a page."""
    chosen = request.GET.get("lang", "")
    language = chosen if chosen in shell.LANGUAGES else translation.get_language() or "en"
    rows = [
        {"what": row["what"][language[:2]], "days": row["days"], "then": row["then"][language[:2]]}
        for row in notice()["retention"]
    ]
    with translation.override(language):
        return _rendered(request, "privacy", {"rows": rows})


def worker(name: str) -> View:
    """Make the view of a page's service worker: the list of its files, then the script."""

    @require_safe
    def view(request: HttpRequest) -> HttpResponseBase:
        shell_facts = {
            "version": f"{name}-{shell.version()}",
            "languages": shell.LANGUAGES,
            "files": shell.addresses(name),
        }
        script = f"{settings.STATIC_URL}health/js/shell-worker.js?{shell.version()}"
        source = f"self.SHELL = {json.dumps(shell_facts)};\nimportScripts({json.dumps(script)});\n"
        headers = {"Cache-Control": "no-cache"}
        return HttpResponse(source, content_type="text/javascript; charset=utf-8", headers=headers)

    return view
