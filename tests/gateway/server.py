"""The product behind a real socket, through production's own WSGI application."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

from config.wsgi import application


class QuietHandler(WSGIRequestHandler):
    """Serves without a line on standard error for each request."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


@dataclass(slots=True)
class LiveServer:
    """Where the server listens, and every body it has sent."""

    host: str = "127.0.0.1"
    port: int = 0
    bodies: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The server's address without a path."""
        return f"http://{self.host}:{self.port}"

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Pass a request on and keep what is answered."""
        answer = application(environ, start_response)
        try:
            body = b"".join(answer)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()
        self.bodies.append(body)
        return [body]


@contextmanager
def running() -> Iterator[LiveServer]:
    """Serve on a free port until the end of the block."""
    live = LiveServer()
    server = ThreadedWSGIServer((live.host, 0), QuietHandler)
    live.port = int(server.server_address[1])
    server.set_app(live)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield live
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
