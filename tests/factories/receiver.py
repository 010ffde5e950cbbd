"""A merchant's server on this machine that answers as it is told and keeps what it got."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl


@dataclass
class Answer:
    """One answer: status, body, how long it takes, headers beside."""

    status: int = 200
    body: bytes = b"success"
    delay_s: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Got:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    def form(self, charset: str = "utf-8") -> dict[str, str]:
        """Its form, decoded."""
        return dict(parse_qsl(self.body.decode("ascii"), encoding=charset, strict_parsing=True))


@dataclass
class Receiver:
    """Answers from a list, the last one for ever; `got` are the requests in order."""

    url: str
    answers: list[Answer]
    got: list[Got] = field(default_factory=list)

    def next_answer(self) -> Answer:
        """The answer for the request that was just added."""
        return self.answers[min(len(self.got), len(self.answers)) - 1]


@contextmanager
def receiving(*answers: Answer) -> Iterator[Receiver]:
    """Run a receiver on a free port of loopback while the block runs."""
    receiver = Receiver("", list(answers) or [Answer()])
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            with lock:
                got = Got(self.path, dict(self.headers.items()), self.rfile.read(length))
                receiver.got.append(got)
                answer = receiver.next_answer()
            time.sleep(answer.delay_s)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/notify?shop=1"
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
