"""A web that is asked to end says so first, serves until proxies know, and leaves nothing open."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.contracts.source import ROOT
from tests.scenarios.installation import free_port
from tests.scenarios.processes import eventually, kill_group

DRAIN_S = 3.0


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def web(tmp_path: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """The web's process on a database that is empty: it lives, and is ready for nothing."""
    words = ["--port", str(port), "--threads", "2", "--drain", str(DRAIN_S)]
    process = subprocess.Popen(
        [sys.executable, "-m", "config.http.web_server", *words],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "SAOMA_DATA_DIR": str(tmp_path),
            "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3",
            "REDIS_URL": "",
            "TMPDIR": str(tmp_path),
        },
        start_new_session=True,
    )
    yield process
    kill_group(process)


def ask(port: int, path: str) -> requests.Response | None:
    """The answer of the web, or none where nobody listens."""
    try:
        return requests.get(f"http://127.0.0.1:{port}/{path}", timeout=10)
    except requests.ConnectionError:
        return None


def is_leaving(port: int) -> bool:
    answer = ask(port, "readyz")
    return answer is not None and answer.json() == {"status": "leaving"}


@pytest.mark.slow
def test_readiness_ends_before_the_listener_closes(
    web: "subprocess.Popen[bytes]", port: int, tmp_path: Path
) -> None:
    eventually(lambda: ask(port, "healthz") is not None, "the web listens")
    before = ask(port, "readyz")
    assert before is not None
    assert before.json()["status"] == "unavailable"

    web.send_signal(signal.SIGTERM)
    asked_at = time.monotonic()
    eventually(lambda: is_leaving(port), "the web says that it leaves")
    alive = ask(port, "healthz")
    assert alive is not None
    assert alive.status_code == 200

    assert web.wait(timeout=30) == 0
    assert time.monotonic() - asked_at >= DRAIN_S
    assert ask(port, "healthz") is None
    assert list(tmp_path.glob("saoma-web-*")) == []
