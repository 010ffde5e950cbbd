"""A small supervisor: starts children, keeps them up, takes them down in order.

Each child leads a session of its own, so that all it started goes with it; on Linux it
also dies with the supervisor, however that ends. A child that dies is started again,
after its old process group is gone (two schedulers at once would be worse than none).
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

STOP_S = 8.0
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process to keep running; its output goes to a log file."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    log: Path
    outlives: bool = False
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restarts: int = 0

    def start(self) -> None:
        """Start it in a session of its own."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.argv,
                env=dict(self.env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # Safe here: the supervisor has one thread.
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
            )
        self.started_at = time.monotonic()

    def is_up(self) -> bool:
        """Whether its process runs."""
        return self.process is not None and self.process.poll() is None

    def ask(self) -> None:
        """Ask it to end."""
        if self.is_up():
            self._signal(signal.SIGTERM)

    def stop(self) -> None:
        """Ask, wait, then insist; nothing of its group is left behind."""
        if self.process is None:
            return
        self.ask()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_S)
        self._signal(signal.SIGKILL)
        self.process.wait()

    def _signal(self, number: int) -> None:
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except (ProcessLookupError, PermissionError):
                return


@dataclass
class Supervisor:
    """Children in the order in which they start.

    They stop together, but for the broker: the others still speak to it while they end.
    """

    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)
    stopping: bool = False

    def add(self, child: Child) -> Child:
        """Start a child and keep it."""
        child.start()
        self.children.append(child)
        return child

    def watch(self, *, until: Callable[[], bool] = lambda: False) -> None:
        """Keep children up until a signal comes or `until` says so."""
        while not self.stopping and not until():
            for child in self.children:
                if not child.is_up() and not self.stopping:
                    self._restart(child)
            time.sleep(0.2)

    def stop(self) -> None:
        """Take all children down, the broker last."""
        self.stopping = True
        for child in self.children:
            if not child.outlives:
                child.ask()
        for child in sorted(self.children, key=lambda child: child.outlives):
            child.stop()

    def catch_signals(self) -> None:
        """Ctrl-C and SIGTERM end the watch."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop_watching)

    def _stop_watching(self, number: int, frame: object) -> None:
        self.stopping = True

    def _restart(self, child: Child) -> None:
        code = child.process.returncode if child.process else None
        child.stop()
        child.restarts += 1
        self.say(f"{child.name} ended ({code}); starting it again, see {child.log}")
        if time.monotonic() - child.started_at < 1.0:
            time.sleep(1.0)
        child.start()


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
