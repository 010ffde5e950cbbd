"""Read a request's whole body before a worker thread is taken for it.

A thread that waits for a caller's bytes serves nobody else: a handful of callers who send
`{` and stop would hold them all. Here waiting costs a coroutine and ends: a body has so
many seconds to arrive, a body above the limit is refused by its length, and of too many
unfinished ones the oldest gives way.
"""

import asyncio
import json
from collections import OrderedDict
from collections.abc import MutableMapping
from typing import Any, Final

from config.http.asgi_router import AsgiApplication, Receive, Scope, Send

MEDIA_TYPE: Final = b"application/problem+json"
MAX_UNFINISHED: Final = 512
_LENGTHS: Final = frozenset({b"content-length", b"transfer-encoding"})
_REFUSALS: Final = {
    408: ("body_timeout", "Request timeout", "The body did not arrive in time."),
    413: ("body_too_large", "Too large", "The body is larger than this server takes."),
    503: ("too_many_unfinished", "Try again later", "Too many requests wait for their bodies."),
}

Message = MutableMapping[str, Any]


class BodyRefused(Exception):
    """The request will not be served; `status` says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class CallerLeft(Exception):
    """The caller closed the connection before the body was complete."""


class BodyGate:
    """Wraps an ASGI application; hands it requests whose bodies are here.

    Args:
        rest: the application that takes a thread for a request.
        limit: the largest body, in bytes.
        seconds: how long a body may take.
        unfinished: how many bodies may be awaited at one time.
    """

    def __init__(
        self,
        rest: AsgiApplication,
        *,
        limit: int,
        seconds: float,
        unfinished: int = MAX_UNFINISHED,
    ) -> None:
        self.rest = rest
        self.limit = limit
        self.seconds = seconds
        self.unfinished = unfinished
        self._waiting: OrderedDict[int, asyncio.Future[None]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await self._body(scope, receive)
        except CallerLeft:
            return
        except BodyRefused as refusal:
            await _refuse(send, refusal.status)
            return
        await self.rest(_measured(scope, body), _Replay(body, receive), send)

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        """The whole body.

        Raises:
            BodyRefused: too long, too late, or the oldest of too many.
            CallerLeft: the caller went away.
        """
        length = declared_length(scope)
        if length is not None and length > self.limit:
            raise BodyRefused(413)
        if length == 0:
            return b""
        reading = asyncio.ensure_future(self._read(receive))
        evicted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._enter(evicted)
        either: set[asyncio.Future[Any]] = {reading, evicted}
        try:
            await asyncio.wait(either, timeout=self.seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._waiting.pop(id(evicted), None)
            if not reading.done():
                reading.cancel()
        if reading.done():
            return reading.result()
        raise BodyRefused(503 if evicted.done() else 408)

    def _enter(self, evicted: "asyncio.Future[None]") -> None:
        """Join those who wait; the oldest of too many gives way."""
        if len(self._waiting) >= self.unfinished:
            _, oldest = self._waiting.popitem(last=False)
            if not oldest.done():
                oldest.set_result(None)
        self._waiting[id(evicted)] = evicted

    async def _read(self, receive: Receive) -> bytes:
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                raise CallerLeft
            body += message.get("body", b"")
            if len(body) > self.limit:
                raise BodyRefused(413)
            if not message.get("more_body", False):
                return bytes(body)


class _Replay:
    """`receive` of a request whose body is known: the body once, then what the server says."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self.body: bytes | None = body
        self.receive = receive

    async def __call__(self) -> Message:
        if self.body is None:
            return await self.receive()
        body, self.body = self.body, None
        return {"type": "http.request", "body": body, "more_body": False}


def declared_length(scope: Scope) -> int | None:
    """The length that the caller declares; None where it sends in pieces, 0 for no body."""
    length, in_pieces = 0, False
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            length = int(value)
        elif name == b"transfer-encoding":
            in_pieces = True
    # HTTP/2 may send a body with neither header.
    unsaid = length == 0 and scope.get("http_version", "1.1").startswith("2")
    return None if in_pieces or unsaid else length


def _measured(scope: Scope, body: bytes) -> Scope:
    """The request as one whose caller said its length: what came in pieces is whole now.

    Nothing behind the gate reads a body of no length.
    """
    headers = [pair for pair in scope["headers"] if pair[0] not in _LENGTHS]
    length = [(b"content-length", str(len(body)).encode())] if body else []
    return {**scope, "headers": [*headers, *length]}


async def _refuse(send: Send, status: int) -> None:
    """Answer with a problem document and end the connection: its rest is not read."""
    code, title, detail = _REFUSALS[status]
    document = {
        "type": f"/api/docs/#problem-{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
    }
    body = json.dumps(document).encode()
    headers = [
        (b"content-type", MEDIA_TYPE),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    if status != 413:
        headers.append((b"retry-after", b"1"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
