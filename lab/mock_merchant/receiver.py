"""Receives notifications as a merchant should, and misbehaves on request.

A notification is believed only if the gateway's signature fits, and acted on once:
the same `notify_id` may come many times. The answer must be the word `success`.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qsl

from lab.mock_merchant import signing
from lab.mock_merchant.server import ThreadedServer

_MOST_BYTES = 1_000_000


@dataclass(slots=True)
class ResponsePlan:
    """How the receiver misbehaves: the first `fail_first` calls get 500, and so on."""

    fail_first: int = 0
    slow_s: float = 0.0
    answer: str = "success"


@dataclass(slots=True)
class Inbox:
    """What has come in: every call, and the notifications believed, one per `notify_id`."""

    calls: list[dict[str, str]] = field(default_factory=list)
    refused: list[dict[str, str]] = field(default_factory=list)
    accepted: dict[str, dict[str, str]] = field(default_factory=dict)


class Receiver(ThreadedServer):
    """A small HTTP server for notifications; `with Receiver(key) as receiver:` runs it."""

    def __init__(
        self,
        gateway_public_key: str,
        *,
        port: int = 0,
        host: str = "127.0.0.1",
        plan: ResponsePlan | None = None,
        on_accept: Callable[[dict[str, str]], None] | None = None,
    ) -> None:
        self.plan = plan or ResponsePlan()
        self.inbox = Inbox()
        self._key = gateway_public_key
        self._on_accept = on_accept
        self._lock = threading.Lock()
        super().__init__(self._handler(), host, port)

    @property
    def url(self) -> str:
        """The address to give as `notify_url`."""
        return f"{self.address}/notify"

    def receive(self, body: bytes) -> tuple[int, str]:
        """Take one notification in; gives the status and the text to answer."""
        params = _params(body)
        with self._lock:
            self.inbox.calls.append(params)
            failing = len(self.inbox.calls) <= self.plan.fail_first
        if self.plan.slow_s:
            time.sleep(self.plan.slow_s)
        if failing:
            return 500, "out of order"
        if not signing.verify_notification(params, self._key):
            with self._lock:
                self.inbox.refused.append(params)
            return 200, "failure"
        self._accept(params)
        return 200, self.plan.answer

    def _accept(self, params: dict[str, str]) -> None:
        with self._lock:
            is_repeat = params["notify_id"] in self.inbox.accepted
            self.inbox.accepted[params["notify_id"]] = params
        if self._on_accept is not None and not is_repeat:
            self._on_accept(params)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            """Hands each POST to the receiver."""

            def do_POST(self) -> None:
                """Answer one notification."""
                length = min(int(self.headers.get("content-length") or 0), _MOST_BYTES)
                status, text = receiver.receive(self.rfile.read(length))
                body = text.encode()
                self.send_response(status)
                self.send_header("content-type", "text/plain; charset=utf-8")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing: the inbox is the log."""

        return Handler


def _params(body: bytes) -> dict[str, str]:
    """Read the form in the charset that it names itself."""
    loose = dict(parse_qsl(body.decode("latin-1"), keep_blank_values=True, encoding="latin-1"))
    charset = loose.get("charset", "utf-8")
    return dict(parse_qsl(body.decode("latin-1"), keep_blank_values=True, encoding=charset))
