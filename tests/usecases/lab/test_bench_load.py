"""The load generator: what a latency counts from."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from lab.bench.load import measure, request_bytes

STALL_S = 0.2
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture
def stalling_port() -> Iterator[int]:
    """A server of one connection that stalls before its first answer."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            pause_s = STALL_S
            while connection.recv(65536):
                time.sleep(pause_s)
                pause_s = 0.0
                connection.sendall(ANSWER)

    thread = threading.Thread(target=serve)
    thread.start()
    yield int(listener.getsockname()[1])
    thread.join()
    listener.close()


def median_ms(port: int, per_second: float | None) -> float:
    outcome = measure(
        host="127.0.0.1",
        port=port,
        requests=[request_bytes("/", b"", {})] * 5,
        connections=1,
        kind=lambda _head, body: body.decode(),
        per_second=per_second,
    )
    assert outcome.answers == {"ok": 5}
    return outcome.p50_ms


def test_at_a_steady_rate_a_stall_is_in_the_latency_of_all_that_were_due_in_it(
    stalling_port: int,
) -> None:
    assert median_ms(stalling_port, per_second=1000) > STALL_S * 900


def test_as_fast_as_answered_a_stall_is_in_one_latency_alone(stalling_port: int) -> None:
    assert median_ms(stalling_port, per_second=None) < STALL_S * 900
