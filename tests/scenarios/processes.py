"""Real workers for a test: Celery against the test's own database and broker."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from lab.processes import start_broker
from lab.scenarios.acts_night import database_url
from lab.supervisor import Supervisor

PATIENCE_S = 90.0


@contextmanager
def broker(folder: Path) -> Iterator[str]:
    """An embedded broker of the test's own; gives its address."""
    supervisor = Supervisor(say=lambda line: None)
    settings.DATA_DIR = folder
    (folder / "run").mkdir(parents=True, exist_ok=True)
    try:
        yield start_broker(supervisor, folder)
    finally:
        supervisor.stop()


@contextmanager
def worker(
    folder: Path, broker_url: str, *, include: str = "", **extra: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A worker with a scheduler beside it, told `extra` by its environment.

    `include` is a module that the worker imports beside the product's own.
    """
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DJANGO_SECRET_KEY": settings.SECRET_KEY,
        "SAOMA_MASTER_KEY": settings.MASTER_KEY,
        "SAOMA_DATA_DIR": str(folder),
        "DATABASE_URL": database_url(),
        "REDIS_URL": broker_url,
        **extra,
    }
    env.pop("CELERY_BROKER_URL", None)
    if url := extra.get("CELERY_BROKER_URL"):
        env["CELERY_BROKER_URL"] = url
    celery = [sys.executable, "-m", "celery", "--app", "config", "--quiet"]
    (folder / "run").mkdir(exist_ok=True)
    log = (folder / "worker.log").open("ab")
    options = ["--concurrency", "2", "--queues", "effects,due", "--loglevel", "warning"]
    options += ["--include", include] if include else []
    schedule = ["--schedule", str(folder / "run" / "beat"), "--pidfile", "", "--max-interval", "1"]
    commands = [
        [*celery, "worker", *options, "--without-gossip", "--without-mingle", "-n", "t@saoma"],
        [*celery, "beat", "--loglevel", "warning", *schedule],
    ]
    started = [
        subprocess.Popen(argv, env=env, stdout=log, stderr=log, start_new_session=True)
        for argv in commands
    ]
    try:
        yield started[0]
    finally:
        for process in started:
            kill_group(process)
        log.close()


def kill_group(process: "subprocess.Popen[bytes]") -> None:
    """kill -9 a process and all it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, 9)
    process.wait()


def eventually(true: Callable[[], bool], what: str, *, seconds: float = PATIENCE_S) -> None:
    """Wait until something holds; fail with its name when it never does."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"{what} within {seconds:.0f} s"
        time.sleep(0.1)
