"""The gateway's production entry: answers WSGI requests without Django's handler.

A merchant's request needs no session, locale, CSRF token or security policy for
pages, and Django's request object parses the query and the content type whether or
not anyone asks. Left out, they make room for a good part of a payment. Everything
else goes to Django, which serves /gateway.do as well (views.py) where it is run
without this wrapper.

Why not all through Django: merchants/decisions/0301-gateway-before-django.md.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.signals import request_finished, request_started

from config.kernel.logs import request_id
from merchants.gateway import developer_log, endpoint
from merchants.gateway.faults import broken_off
from merchants.protocol.values import Reply

PATH = "/gateway.do"
# Of notifications, which are above this room: Django's view answers it.
OLD_CHECK = "service=notify_verify"
WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_DISCARD_BYTES = 1 << 16
_DISCARD_LIMITS = 4


class DirectGateway:
    """Wraps a WSGI application; answers GET and POST of /gateway.do by itself."""

    def __init__(self, application: WsgiApplication) -> None:
        self.application = application

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        if (
            environ["PATH_INFO"] != PATH
            or environ["REQUEST_METHOD"] not in ("GET", "POST")
            or OLD_CHECK in environ.get("QUERY_STRING", "")
        ):
            return self.application(environ, start_response)
        request_started.send(sender=self.__class__, environ=environ)
        try:
            reply = self._reply(environ)
        finally:
            request_finished.send(sender=self.__class__)
        headers = [
            ("Content-Type", reply.content_type),
            ("Content-Length", str(len(reply.body))),
            ("trace_id", reply.trace_id),
        ]
        if reply.location:
            headers.append(("Location", reply.location))
        start_response("302 Found" if reply.location else "200 OK", headers)
        return broken_off(reply.body) if reply.dropped else [reply.body]

    def _reply(self, environ: dict[str, Any]) -> Reply:
        """Answer with the trace id as the request's id in every log line."""
        trace_id = endpoint.new_trace_id()
        token = request_id.set(trace_id)
        try:
            length = environ.get("CONTENT_LENGTH") or "0"
            body, too_large = take_body(
                environ["wsgi.input"].read, int(length) if length.isdigit() else 0
            )
            return developer_log.answer_and_log(
                endpoint.answer,
                environ,
                body,
                trace_id=trace_id,
                too_large=too_large,
            )
        finally:
            request_id.reset(token)


def take_body(read: Callable[[int], bytes], length: int) -> tuple[bytes, bool]:
    """Read a body of at most SAOMA_GATEWAY_MAX_BODY bytes; tells whether it was longer.

    A longer one is read on for a while, so that the caller finishes sending and hears
    the answer, but not for ever.
    """
    limit: int = settings.SAOMA_GATEWAY_MAX_BODY
    if length <= limit:
        return (read(length) if length else b""), False
    left = min(length, _DISCARD_LIMITS * limit)
    while left > 0 and (piece := read(min(left, _DISCARD_BYTES))):
        left -= len(piece)
    return b"", True
