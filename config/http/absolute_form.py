"""Requests in absolute form (RFC 9112): the first line holds the whole address.

`POST http://host/gateway.do?… HTTP/1.1` is legal (RFC 9112, 3.2.2) and one official
merchant SDK sends it; the framework would look for a path called `http://…`.
"""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class AbsoluteFormFix:
    """Wraps a WSGI application; gives it the path alone."""

    def __init__(self, application: WsgiApplication) -> None:
        self.application = application

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith(("http://", "https://", "/http://", "/https://")):
            environ["PATH_INFO"] = urlsplit(path.lstrip("/")).path or "/"
        return self.application(environ, start_response)
