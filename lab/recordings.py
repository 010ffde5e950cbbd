"""Recordings of scenarios: a run in a world of its own, beside the one that is on the pages.

A recording is made once for each state of a scenario's file and of the product's migrations; one
run at a time, since each takes a processor for itself. It is a file of lines, see
`scenarios/recorder.py`.
"""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from django.conf import settings

from lab.scenarios import book, scratch
from lab.scenarios.values import Result

RUN_S = 600
# The data folder of the worlds in which scenarios run, inside the one of the world on the pages.
WORLD = "theatre"
_FOLDER = "recordings"


def start(name: str, *, again: bool = False) -> None:
    """Begin a run of a scenario, unless it is recorded or under way.

    Args:
        name: the scenario's.
        again: run it anew, whatever is recorded.

    Raises:
        book.ScenarioUnknown: there is none of this name.
    """
    book.scenario(name)
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if again and ended(name):
        path.unlink(missing_ok=True)
    try:
        path.open("x", encoding="utf-8").close()
    except FileExistsError:
        return
    threading.Thread(target=_run, args=(name, path), daemon=True).start()


def lines(name: str, after: int = 0) -> list[dict[str, Any]]:
    """What is recorded of a scenario so far, from line `after` on."""
    path = path_of(name)
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1].splitlines()
    return [json.loads(line) for line in whole[after:]]


def ended(name: str) -> str:
    """How the recorded run ended; "" where there is none, or it is under way."""
    last = lines(name)[-1:]
    return str(last[0].get("ended", "")) if last else ""


def path_of(name: str) -> Path:
    """Where a scenario's recording is kept."""
    text = (book.BOOK / f"{name}.yaml").read_text(encoding="utf-8")
    state = hashlib.sha256(f"{scratch.state()}\n{text}".encode()).hexdigest()[:16]
    return Path(settings.DATA_DIR) / _FOLDER / f"{name}-{state}.jsonl"


def _run(name: str, path: Path) -> None:
    """Run a scenario in a process of its own; other runs wait for it."""
    with (path.parent / "lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        words = ["manage", "scenario", name, "--record", str(path)]
        log = path.with_suffix(".log")
        with log.open("wb") as output:
            try:
                subprocess.run(
                    [sys.executable, "-m", "lab.cli.main", *words],
                    env=_environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    timeout=RUN_S,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                output.write(b"the run took too long\n")
    if not ended(name):
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"ended": Result.FAILED.value}) + "\n")


def _environment() -> dict[str, str]:
    """What a run sees: nothing of the servers and secrets of the world on the pages."""
    data = Path(settings.DATA_DIR) / WORLD
    data.mkdir(parents=True, exist_ok=True)
    env = {name: text for name, text in os.environ.items() if name not in _OURS}
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        env.pop("DATABASE_URL", None)
    return env | {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "SAOMA_DATA_DIR": str(data),
        "SAOMA_GATEWAY_LOG": "inline",
        "PYTHONPATH": str(settings.BASE_DIR),
    }


_OURS = frozenset(
    {"REDIS_URL", "CELERY_BROKER_URL", "SAOMA_PUBLIC_URL", "DJANGO_SECRET_KEY", "SAOMA_MASTER_KEY"}
)
