"""The load generator: what a latency counts from."""

import socket
import threading
from collections.abc import Iterator

import pytest

from lab.bench import load

STALL_S = 0.2
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class HandClock:
    """A monotonic clock that stands still but for what the server makes of it."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def monotonic(self) -> float:
        return self.now_s


@pytest.fixture
def stalling_port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server of one connection that stalls before its first answer, and never after."""
    hand = HandClock()
    monkeypatch.setattr(load, "time", hand)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            stall_s = STALL_S
            while connection.recv(65536):
                hand.now_s += stall_s
                stall_s = 0.0
                connection.sendall(ANSWER)

    thread = threading.Thread(target=serve)
    thread.start()
    yield int(listener.getsockname()[1])
    thread.join()
    listener.close()


def measured(port: int, per_second: float | None) -> load.Outcome:
    outcome = load.measure(
        host="127.0.0.1",
        port=port,
        requests=[load.request_bytes("/", b"", {})] * 5,
        connections=1,
        kind=lambda _head, body: body.decode(),
        per_second=per_second,
    )
    assert outcome.answers == {"ok": 5}
    return outcome


def test_at_a_steady_rate_a_stall_is_in_the_latency_of_all_that_were_due_in_it(
    stalling_port: int,
) -> None:
    outcome = measured(stalling_port, per_second=1000)
    # They were due after 1 to 5 ms, and none was answered before 200.
    assert (outcome.p50_ms, outcome.p99_ms) == pytest.approx((197, 199))


def test_as_fast_as_answered_a_stall_is_in_one_latency_alone(stalling_port: int) -> None:
    outcome = measured(stalling_port, per_second=None)
    assert (outcome.p50_ms, outcome.p99_ms) == pytest.approx((0, 200))
