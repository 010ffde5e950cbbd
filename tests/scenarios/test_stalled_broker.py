"""A broker that accepts and never answers: payments are answered, their effects come later."""

import http.client
import socket
import subprocess
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from lab.mock_merchant.receiver import Receiver
from lab.processes import wait_for, web_command
from tests.contracts.source import ROOT
from tests.scenarios.demo import Demo, running_demo
from tests.scenarios.processes import eventually

pytestmark = pytest.mark.slow


@contextmanager
def stalled_broker() -> Iterator[int]:
    """A port that takes every connection and never says a word."""
    callers: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    callers.append(server.accept()[0])

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield server.getsockname()[1]
    for caller in callers:
        caller.close()


@contextmanager
def second_web(demo: Demo, folder: Path, broker_port: int) -> Iterator[str]:
    """Another web process of the demo's world whose broker is the stalled one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = demo.env | {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "CELERY_BROKER_URL": f"redis://127.0.0.1:{broker_port}/0",
    }
    with (folder / "second.log").open("ab") as log:
        process = subprocess.Popen(
            web_command("127.0.0.1", port), cwd=ROOT, env=env, stdout=log, stderr=log
        )
    try:
        wait_for("the second web process", lambda: is_up(port), seconds=60)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def is_up(port: int) -> bool:
    with suppress(OSError):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    return False


def test_a_payment_waits_for_no_broker_and_its_notification_comes(tmp_path: Path) -> None:
    with (
        running_demo(tmp_path) as demo,
        stalled_broker() as broker_port,
        second_web(demo, tmp_path, broker_port) as address,
    ):
        facts = demo.facts("sandbox")
        key = Path(facts["gateway_public_key_file"]).read_text(encoding="utf-8")
        with Receiver(key) as receiver:
            client = demo.client(gateway_url=f"{address}/gateway.do", notify_url=receiver.url)
            numbers = [f"STALL{uuid.uuid4().hex[:12]}" for _ in range(2)]
            for number in numbers:
                answer = client.pay(
                    out_trade_no=number,
                    amount="1.00",
                    subject="茶",
                    auth_code=demo.manage("paycode"),
                )
                assert answer.code == "10000"
            eventually(
                lambda: {call["out_trade_no"] for call in receiver.inbox.calls} >= set(numbers),
                "every notification",
            )
