"""The product on one machine as plain processes: two webs behind a proxy, two workers, beat."""

import contextlib
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import requests

from lab.chaos.front import Front, nginx
from lab.processes import wait_for
from lab.supervisor import Child

START_S, LEAVE_S = 90.0, 60.0


@dataclass
class Actor(Child):
    """A process that faults are done to; all of its group suffers with it."""

    def suffer(self, number: int) -> None:
        """Send a signal to the whole group."""
        self._signal(number)

    def leave(self) -> None:
        """Ask its first process alone to end, as an init system does, and wait until it has."""
        if self.process is not None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(LEAVE_S)
        self.die()

    def die(self) -> None:
        """Kill -9, and reap."""
        self._signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()


@dataclass
class Stage:
    """The processes of one installation by name, their folder and their environment."""

    folder: Path
    env: Mapping[str, str]
    front: int
    webs: Sequence[int]
    front_command: Front = nginx
    drain_s: float = 0.0
    schedulers: Sequence[str] = ("scheduler",)
    actors: dict[str, Actor] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where clients go."""
        return f"http://127.0.0.1:{self.front}"

    def add(self, name: str, argv: Sequence[str], **more: str) -> Actor:
        """Start a process; its output goes to a log of its name."""
        actor = Actor(name, argv, {**self.env, **more}, self.folder / f"{name}.log")
        self.actors[name] = actor
        actor.start()
        return actor

    def start_product(self) -> None:
        """Start the product's processes and the proxy before them; wait until they are ready."""
        for number, port in enumerate(self.webs, start=1):
            self.add(f"web{number}", _web(port, self.drain_s))
        for number in (1, 2):
            self.add(f"worker{number}", _celery("worker", "--concurrency", "2", "--queues",
                     "effects,due", "--without-gossip", "--without-mingle", "--hostname",
                     f"chaos{number}@saoma"))  # fmt: skip
        for name in self.schedulers:
            schedule = str(self.folder / f"{name}.beat")
            self.add(name, _celery("beat", "--schedule", schedule, "--pidfile", "",
                     "--max-interval", "1"))  # fmt: skip
        self.add("front", self.front_command(self.folder, self.front, self.webs))
        self.wait_ready()

    def wait_ready(self, seconds: float = START_S) -> None:
        """Wait until every web says that it can do its work.

        Raises:
            TimeoutError: one does not in time.
        """
        for port in self.webs:
            wait_for(f"web on {port}", lambda port=port: is_ready(port), seconds=seconds)  # type: ignore[misc]

    def stop(self) -> None:
        """End everything, the last started first."""
        for actor in reversed(self.actors.values()):
            actor.suffer(signal.SIGCONT)
            actor.ask()
        for actor in reversed(self.actors.values()):
            actor.stop()


def is_ready(port: int) -> bool:
    """Whether a web says so itself."""
    try:
        return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=2).status_code == 200
    except requests.RequestException:
        return False


def _web(port: int, drain_s: float) -> list[str]:
    return [
        *(sys.executable, "-m", "config.http.web_server", "--port", str(port)),
        *("--threads", "4", "--drain", str(drain_s), "--kill-after", "5"),
    ]


def _celery(*words: str) -> list[str]:
    return [sys.executable, "-m", "celery", "--app", "config", "--quiet", *words,
            "--loglevel", "warning"]  # fmt: skip
