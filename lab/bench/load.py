"""A load generator: prepared requests over keep-alive connections, answers counted.

The requests are made (and signed) before the clock starts, so that the generator costs
the same small share of the machine whatever is measured. They go out as fast as they are
answered, or at a steady rate; then a request's latency counts from when it was due, so that
a server that stalls cannot hide it by being sent less.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Outcome:
    """What came back: requests a second, latencies in milliseconds, kinds of answers."""

    per_second: float = 0.0
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    answers: Counter[str] = field(default_factory=Counter)


class _Connection(asyncio.Protocol):
    """One keep-alive connection that sends the next request when an answer is complete."""

    def __init__(self, run: "_Run") -> None:
        self.run = run
        self.buffer = b""
        self.sent_at = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, separator, body = self.buffer.partition(b"\r\n\r\n")
        if not separator or len(body) < _content_length(head):
            return
        self.run.latencies.append(time.monotonic() - self.sent_at)
        self.run.answers[self.run.kind(head, body)] += 1
        self.buffer = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def _next(self) -> None:
        request = next(self.run.requests, None)
        if request is None:
            self.transport.close()
            return
        due_at = self.run.next_due()
        early_s = due_at - time.monotonic()
        if early_s > 0:
            asyncio.get_running_loop().call_later(early_s, self._send, request, due_at)
        else:
            self._send(request, due_at)

    def _send(self, request: bytes, due_at: float) -> None:
        self.sent_at = due_at
        self.transport.write(request)


class _Run:
    """What the connections of one measurement share."""

    def __init__(
        self,
        requests: Sequence[bytes],
        kind: Callable[[bytes, bytes], str],
        per_second: float | None,
    ) -> None:
        self.requests: Iterator[bytes] = iter(requests)
        self.kind = kind
        self.latencies: list[float] = []
        self.answers: Counter[str] = Counter()
        self.interval_s = 1 / per_second if per_second else 0.0
        self.due_at = time.monotonic()

    def next_due(self) -> float:
        """When the next request is to go out: at its place in the rate, or at once."""
        if not self.interval_s:
            return time.monotonic()
        self.due_at += self.interval_s
        return self.due_at


def measure(
    *,
    host: str,
    port: int,
    requests: Sequence[bytes],
    connections: int,
    kind: Callable[[bytes, bytes], str],
    per_second: float | None = None,
) -> Outcome:
    """Send all requests over so many connections.

    Args:
        requests: complete HTTP/1.1 requests; each answer must carry Content-Length.
        kind: names an answer from its head and body, for counting.
        per_second: a steady rate; as fast as they are answered where none is given.
    """
    run = _Run(requests, kind, per_second)
    seconds = asyncio.run(_drive(run, host, port, connections))
    ordered = sorted(run.latencies)
    return Outcome(
        per_second=len(ordered) / seconds if seconds else 0.0,
        p50_ms=_quantile(ordered, 0.50) * 1000,
        p99_ms=_quantile(ordered, 0.99) * 1000,
        answers=run.answers,
    )


async def _drive(run: _Run, host: str, port: int, connections: int) -> float:
    loop = asyncio.get_running_loop()
    started = time.monotonic()
    opened = [
        await loop.create_connection(lambda: _Connection(run), host, port)
        for _ in range(connections)
    ]
    await asyncio.gather(*(protocol.done for _, protocol in opened))
    return time.monotonic() - started


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def request_bytes(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """Spell one POST."""
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
        "",
        "",
    ]
    return "\r\n".join(lines).encode("latin-1") + body
