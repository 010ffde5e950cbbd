"""What a client was told, line by line, kept in a file; the checker believes nothing else."""

import json
import threading
import time
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any


class Told(StrEnum):
    """What a client knows of one thing it asked for."""

    DONE = "DONE"
    REFUSED = "REFUSED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing asked for: a payment, or a refund of one; the last answer to it, and all before."""

    at: float
    kind: str
    order: str
    request_no: str
    amount_minor: int
    told: Told
    tries: int
    why: str = ""


@dataclass
class History:
    """All lines of a drill, in memory and in a file beside the faults."""

    path: Path
    lines: list[Line] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _started: float = field(default_factory=time.monotonic)

    def tell(self, **facts: Any) -> Line:
        """Keep what a client was told."""
        line = Line(at=round(self.now(), 3), **facts)
        with self._lock:
            self.lines.append(line)
            self._write({"line": asdict(line)})
        return line

    def note(self, **facts: Any) -> None:
        """Keep what was done to the installation."""
        with self._lock:
            self._write({"fault": {"at": round(self.now(), 3), **facts}})

    def now(self) -> float:
        """Seconds since the drill began."""
        return time.monotonic() - self._started

    def between(self, begins: float, ends: float) -> list[Line]:
        """What was told in a span of the drill."""
        with self._lock:
            return [line for line in self.lines if begins <= line.at < ends]

    def _write(self, facts: dict[str, Any]) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(facts) + "\n")
