"""The real demo for a test: started as a newcomer would, in a folder of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.mock_merchant.client import Client
from lab.mock_merchant.settings import from_mapping
from tests.contracts.source import ROOT

START_S = 90.0


@dataclass(frozen=True)
class Demo:
    """A running demo: its address, and its commands."""

    address: str
    env: dict[str, str]

    def manage(self, *words: str) -> str:
        """Run a command in another terminal, as it were; gives what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def facts(self, *words: str) -> dict[str, Any]:
        """Run a command that prints JSON on its last line."""
        facts: dict[str, Any] = json.loads(self.manage(*words).splitlines()[-1])
        return facts

    def client(self, **changed: str) -> Client:
        """The reference client, told what `sandbox` prints."""
        return Client(from_mapping(self.facts("sandbox") | changed))


@contextmanager
def running_demo(folder: Path) -> Iterator[Demo]:
    """Start `manage.py demo` on a free port; stop it with Ctrl-C and see that it ends well."""
    port = _free_port()
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "DJANGO_SETTINGS_MODULE"}
    }
    env |= {"SAOMA_DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"}
    argv = [sys.executable, "manage.py", "demo", "--port", str(port)]
    log = (folder / "demo.log").open("w+b")
    process = subprocess.Popen(argv, cwd=ROOT, env=env, stdout=log, stderr=log)
    demo = Demo(f"http://127.0.0.1:{port}", env)
    try:
        _wait_until_welcome(process, folder / "demo.log")
        yield demo
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(timeout=30)
        log.close()
    assert code == 0


def _wait_until_welcome(process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + START_S
    while "Saoma is running" not in log.read_text(encoding="utf-8"):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < end, log.read_text(encoding="utf-8")
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
