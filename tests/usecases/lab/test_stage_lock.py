"""A command beside a demo that starts for the first time waits for it."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from lab import world
from lab.stage_lock import alone_on_stage

HOLD = """
import fcntl, sys, time
file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def prepared(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What preparing did, in order, in a world of its own."""
    settings.DATA_DIR = tmp_path
    done: list[str] = []
    monkeypatch.setattr(world, "call_command", lambda name, **_: done.append(name))
    monkeypatch.setattr(world, "seed_world", lambda: done.append("seed"))
    return done


def test_preparing_waits_for_whoever_prepares(prepared: list[str]) -> None:
    with alone_on_stage():
        other = threading.Thread(target=world.prepare)
        other.start()
        time.sleep(0.3)
        assert prepared == []
    other.join(timeout=10)
    assert prepared == ["migrate", "seed"]


def test_a_demo_that_was_killed_keeps_nobody_waiting(prepared: list[str], tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    lock = tmp_path / "run" / "stage.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)], stdout=subprocess.PIPE, text=True
    ) as demo:
        assert demo.stdout is not None
        assert demo.stdout.readline().strip() == "held"
        other = threading.Thread(target=world.prepare)
        other.start()
        time.sleep(0.3)
        assert prepared == []
        demo.kill()
    other.join(timeout=10)
    assert prepared == ["migrate", "seed"]
