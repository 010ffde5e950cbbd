"""Callers who send the head of a request and stop keep nobody else waiting."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings

from lab.processes import wait_for, web_command

pytestmark = pytest.mark.slow
HALF_OPEN = 200
PATIENCE_S = 5.0
LARGE_FILE = "/static/saoma/vendor/zxing_reader.wasm"
NGINX = shutil.which("nginx")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(argv: list[str], folder: Path, port: int, **extra: str) -> Iterator[int]:
    """A process that serves on a port, until the end of the block."""
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "SAOMA_DATA_DIR": str(folder),
        **extra,
    }
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(argv, env=env, stdout=log, stderr=log)
    try:
        wait_for("the server", lambda: healthz(port) == 200, seconds=60)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def healthz(port: int) -> int:
    """The status of the probe; 0 where nobody answers."""
    with suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        connection.request("GET", "/healthz")
        return connection.getresponse().status
    return 0


def head(path: str, length: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", "Content-Type: application/json", length]
    return "\r\n".join([*lines, "", ""]).encode()


@contextmanager
def half_open(port: int) -> Iterator[list[socket.socket]]:
    """Many connections that have sent a head and one byte, half of them in pieces."""
    with suppress_all() as sockets:
        for number in range(HALF_OPEN):
            caller = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
            sockets.append(caller)
            path = ("/gateway.do", "/api/v1/sessions", "/api/v1/health/codes/verify")[number % 3]
            if number % 2:
                caller.sendall(head(path, "Content-Length: 200") + b"{")
            else:
                caller.sendall(head(path, "Transfer-Encoding: chunked") + b"1\r\n{\r\n")
        yield sockets


@contextmanager
def suppress_all() -> Iterator[list[socket.socket]]:
    sockets: list[socket.socket] = []
    try:
        yield sockets
    finally:
        for caller in sockets:
            caller.close()


@pytest.fixture(scope="module")
def demo_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The demo's web server."""
    port = free_port()
    folder = tmp_path_factory.mktemp("web")
    with running(
        web_command("127.0.0.1", port), folder, port, SAOMA_BODY_TIMEOUT_S="2"
    ) as listening:
        yield listening


@pytest.fixture(scope="module")
def front_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The installation's door before its web server, with the image's own command line."""
    if NGINX is None:
        pytest.skip("needs nginx")
    folder = tmp_path_factory.mktemp("front")
    web, listening = free_port(), free_port()
    root = Path(settings.BASE_DIR)
    text = (root / "docker/nginx.conf").read_text(encoding="utf-8")
    for old, new in (
        ("listen 8000", f"listen 127.0.0.1:{listening}"),
        ("server web:8000", f"server 127.0.0.1:{web}"),
        ("server events:8000", f"server 127.0.0.1:{web}"),
        ("/tmp/", f"{folder}/"),
        ("/dev/stderr", f"{folder}/nginx.log"),
    ):
        assert old in text
        text = text.replace(old, new)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    nginx = [NGINX, "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    with (
        running(image_command(root, web), folder, web),
        running(nginx, folder, listening),
    ):
        yield listening


def image_command(root: Path, port: int) -> list[str]:
    """The CMD of the Dockerfile, on a port of this test."""
    text = (root / "docker/Dockerfile").read_text(encoding="utf-8").rpartition("\nCMD ")[2]
    words = [word.strip().strip('"') for word in text.replace("\\\n", "").strip("[]\n ").split(",")]
    words[0] = str(Path(sys.executable).with_name(words[0]))
    words[words.index("--host") + 1] = "127.0.0.1"
    return [*words, "--port", str(port)]


def test_the_demo_answers_beside_two_hundred_half_open_requests(demo_port: int) -> None:
    with half_open(demo_port):
        assert [healthz(demo_port) for _ in range(20)] == [200] * 20


def test_the_front_door_answers_beside_two_hundred_half_open_requests(front_port: int) -> None:
    with half_open(front_port):
        assert [healthz(front_port) for _ in range(20)] == [200] * 20


def test_a_body_that_does_not_arrive_is_refused_and_the_connection_ends(demo_port: int) -> None:
    with socket.create_connection(("127.0.0.1", demo_port), timeout=20) as caller:
        caller.sendall(head("/api/v1/sessions", "Content-Length: 200") + b"{")
        answer = b""
        while piece := caller.recv(65_536):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 408")
    assert b'"code": "body_timeout"' in answer


@pytest.mark.parametrize("path", ["/gateway.do", "/api/v1/sessions", "/admin/login/"])
def test_a_body_above_the_limit_is_refused_before_it_is_sent(demo_port: int, path: str) -> None:
    with socket.create_connection(("127.0.0.1", demo_port), timeout=PATIENCE_S) as caller:
        caller.sendall(head(path, f"Content-Length: {settings.SAOMA_MAX_BODY + 1}"))
        assert caller.recv(65_536).startswith(b"HTTP/1.1 413")


def test_a_body_in_pieces_is_refused_when_it_grows_above_the_limit(demo_port: int) -> None:
    piece = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    with socket.create_connection(("127.0.0.1", demo_port), timeout=PATIENCE_S) as caller:
        caller.sendall(head("/api/v1/sessions", "Transfer-Encoding: chunked"))
        with suppress(OSError):
            for _ in range(settings.SAOMA_MAX_BODY // 0x10000 + 1):
                caller.sendall(piece)
        assert caller.recv(65_536).startswith(b"HTTP/1.1 413")


def test_callers_who_do_not_fetch_their_answers_hold_no_thread(demo_port: int) -> None:
    with suppress_all() as sockets:
        for _ in range(20):
            caller = socket.create_connection(("127.0.0.1", demo_port), timeout=PATIENCE_S)
            caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sockets.append(caller)
            caller.sendall(f"GET {LARGE_FILE} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * 3)
        assert [healthz(demo_port) for _ in range(5)] == [200] * 5
